/** The server at OLLAMA_HOST: whether it runs, and which models it has. */
import { connect } from "node:net";
import { UsageError } from "@eightfold/core";
import type { ModelResponse, Ollama } from "ollama";
import type { Environment } from "../environment.ts";
import { loadSdk, openFetch } from "../network.ts";
import { type Destination, throwRefusals } from "./errors.ts";

const DEFAULT_PORTS = { http: "80", https: "443" };

/**
 * The address of the server as a URL without a trailing slash. OLLAMA_HOST is written in many ways, and the SDK
 * does not read it: `host`, `host:port`, `:port`, an IPv6 address, a scheme before them, a path behind. As in
 * Ollama's own client, 11434 is the port unless a scheme is given, and "all interfaces" means this machine.
 * https://github.com/ollama/ollama/blob/main/envconfig/config.go
 * @throws UsageError for what is no address
 */
export function ollamaHost(value = ""): string {
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
      "OLLAMA_HOST is no address. It looks like 127.0.0.1:11434 or https://ollama.example.com.",
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

/** The SDK takes no signal, and its own `abort()` does nothing before the first token. */
interface Connection extends Destination {
  readonly signal: AbortSignal;
  readonly apiKey?: string | undefined;
  /** A model may load for longer than Node's fetch waits. */
  readonly isUnlimited: boolean;
}

/** A client for one request, because it carries the request's signal. */
export async function openClient(connection: Connection): Promise<Ollama> {
  const { host, apiKey, signal, isUnlimited } = connection;
  const { Ollama } = await loadSdk(() => import("ollama"));
  const isCloud = /^https:\/\/ollama\.com(:443)?$/.test(host);
  const headers = isCloud && apiKey !== undefined ? { Authorization: `Bearer ${apiKey}` } : {};
  const network = openFetch({ isUnlimited });
  const fetch: typeof network = (input, init) => network(input, { ...init, signal });
  return new Ollama({ host, headers, fetch: throwRefusals(fetch, connection) });
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
    return await surveyModels(host, AbortSignal.timeout(SURVEY_MS));
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
    socket.on("connect", settle(true)).on("timeout", settle(false)).on("error", settle(false));
  });
}

/** What is installed, and the first of it that can use tools. */
export interface Survey {
  readonly installed: readonly string[];
  readonly usable?: string;
}

/** Asks what is installed, and then model by model, the likeliest first, whether it can use tools. */
export async function surveyModels(host: string, signal: AbortSignal): Promise<Survey> {
  const client = await openClient({ host, model: "", signal, isUnlimited: false });
  const { models } = await client.list();
  const installed = models.map(({ name }) => name);
  for (const name of likeliestFirst(models)) {
    const { capabilities } = await client.show({ model: name });
    if (capabilities?.includes("tools")) return { installed, usable: name };
  }
  return { installed };
}

/**
 * As Ollama lists them, the latest first; but models under 2 GB (some 3 billion parameters) seldom get far with
 * tools, and those that run in Ollama's cloud need an account.
 */
export function likeliestFirst(models: readonly ModelResponse[]): string[] {
  const rank = ({ name, size }: ModelResponse) => (/[-:]cloud$/.test(name) ? 2 : size < 2e9 ? 1 : 0);
  return models.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}
