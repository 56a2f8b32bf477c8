/** The server at OLLAMA_HOST: whether it runs, and which models it has. */
import { connect } from "node:net";
import { UsageError } from "@eightfold/core";
import type { Ollama } from "ollama";
import { type Answer, type Dialect, openAnswer } from "../answer.ts";
import type { Environment } from "../environment.ts";
import { refusalOf } from "../http-errors.ts";
import { loadSdk, openFetch } from "../network.ts";
import { isRecord, listOf, recordOf, textOf } from "../wire-values.ts";

const DEFAULT_PORTS = { http: "80", https: "443" };

/**
 * The address of the server as a URL without a trailing slash. OLLAMA_HOST is written in many ways, and the SDK
 * does not read it: `host`, `host:port`, `:port`, an IPv6 address, a scheme before them, a path behind. As in
 * Ollama's own client, 11434 is the port unless a scheme is given, and "all interfaces" means this machine.
 * https://github.com/ollama/ollama/blob/main/envconfig/config.go
 * @throws UsageError for what is not an address
 */
export function ollamaHost(value = "", setBy = "OLLAMA_HOST"): string {
  const text = value.trim().replace(/^["']+|["']+$/g, "");
  const [, given, rest = ""] =
    /^(?:(https?):\/\/)?(.*)$/is.exec(text === "ollama.com" ? `https://${text}` : text) ?? [];
  const scheme = given?.toLowerCase() === "https" ? "https" : "http";
  const [authority = "", ...path] = rest.replace(/\/+$/, "").split("/");
  const { host, port } = splitPort(authority);
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  const shownPort = isPort ? port : given === undefined ? "11434" : DEFAULT_PORTS[scheme];
  const url = [`${scheme}://${connectable(host)}:${shownPort}`, ...path].join("/");
  if (!URL.canParse(url) || /[@?#\s]|:\/\//.test(rest)) {
    throw new UsageError(
      `${setBy} is not an address. It looks like 127.0.0.1:11434 or https://ollama.example.com.`,
    );
  }
  return url;
}

function splitPort(authority: string): { host: string; port: string } {
  const [, bracketed, after] = /^\[([^\]]*)\](?::(.*))?$/.exec(authority) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: after ?? "" };
  const [host = "", port = "", ...more] = authority.split(":");
  return more.length > 0 ? { host: authority, port: "" } : { host, port };
}

function connectable(host: string): string {
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  if (!host.includes(":")) return host;
  return host === "::" ? "[::1]" : `[${host}]`;
}

const DIALECT: Dialect = {
  isLines: true,
  isStream: (url) => url.endsWith("/api/chat"),
  isPiece: ({ message, done }) => isRecord(message) || done !== undefined,
  isEnd: ({ done }) => done === true,
};

/** A client for one request, because it carries the request's signal: the SDK takes none. */
export async function openClient(
  host: string,
  env: Environment,
  signal: AbortSignal,
  isUnlimited = false,
): Promise<{ client: Ollama; answer: Answer }> {
  const { Ollama } = await loadSdk(() => import("ollama"));
  const key = env.OLLAMA_API_KEY;
  const isCloud = /^https:\/\/ollama\.com(:443)?$/.test(host);
  const headers = isCloud && key !== undefined ? { Authorization: `Bearer ${key}` } : {};
  const service = { label: `Ollama at ${host}`, variable: "OLLAMA_HOST", secrets: [key] };
  const answer = openAnswer(openFetch({ isUnlimited, env }), service, signal, DIALECT);
  return { client: new Ollama({ host, headers, fetch: answer.fetch }), answer };
}

const CONNECT_MS = 150;
const SURVEY_MS = 500;

/**
 * What an Ollama has to offer, if one is running; undefined otherwise. Where nothing answers it takes 150 ms at most,
 * and a few on this machine: a refused connection comes back at once.
 */
export async function findOllamaModel(env: Environment): Promise<Survey | undefined> {
  try {
    const host = ollamaHost(env.OLLAMA_HOST);
    if (!(await isListening(host, CONNECT_MS))) return undefined;
    // The time is the server's: what we load first does not count.
    await loadSdk(() => import("ollama"));
    return await surveyModels(host, env, AbortSignal.timeout(SURVEY_MS));
  } catch {
    return undefined;
  }
}

/** Whether anything listens there. A connection is tried before HTTP is loaded. */
function isListening(host: string, ms: number): Promise<boolean> {
  const { hostname, port, protocol } = new URL(host);
  const address = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  };
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: ms });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    // On a busy machine it may be connected when the time is over, and nobody has looked yet.
    const late = () => setImmediate(settle(false));
    socket.on("connect", settle(true)).on("timeout", late).on("error", settle(false));
  });
}

/** What is installed, and the first of it that can use tools. */
export interface Survey {
  readonly installed: readonly string[];
  readonly usable?: string;
}

/** Asks what is installed, and then model by model, the likeliest first, whether it can use tools. One that is broken hides no other. */
export async function surveyModels(host: string, env: Environment, signal: AbortSignal): Promise<Survey> {
  const { client } = await openClient(host, env, signal);
  const models = listOf(recordOf(await client.list()).models)
    .map(recordOf)
    .map(({ name, model, size }) => ({ name: textOf(name) || textOf(model), size: Number(size) || 0 }));
  const installed = models.map(({ name }) => name).filter((name) => name !== "");
  let broken: unknown;
  for (const name of likeliestFirst(models)) {
    const shown = await client.show({ model: name }).catch((error: unknown) => {
      if (!refusalOf(error)) throw error;
      broken ??= error;
    });
    if (listOf(recordOf(shown).capabilities).includes("tools")) return { installed, usable: name };
  }
  if (broken) throw broken;
  return { installed };
}

interface Installed {
  readonly name: string;
  readonly size: number;
}

/**
 * As Ollama lists them, the latest first; but models under 2 GB (some 3 billion parameters) seldom get far with
 * tools, and those that run in Ollama's cloud need an account.
 */
export function likeliestFirst(models: readonly Installed[]): string[] {
  const rank = ({ name, size }: Installed) => (/[-:]cloud$/.test(name) ? 2 : size < 2e9 ? 1 : 0);
  return models.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}
