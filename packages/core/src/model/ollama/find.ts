import { connect } from "node:net";
import type { ModelResponse, Ollama } from "ollama";
import type { Environment } from "../environment.ts";
import { explainRefusal } from "./failure.ts";
import { ollamaHost } from "./host.ts";
import { openClient } from "./transport.ts";

/** What is installed, and the first of it that can use tools. */
export interface Survey {
  readonly installed: readonly string[];
  readonly usable?: string;
}

const CONNECT_MS = 150;
const SURVEY_MS = 500;

/**
 * The installed model that suits an agent best, if an Ollama is running; undefined otherwise. Where nothing answers
 * it takes 150 ms at most, and a few on this machine: a refused connection comes back at once.
 */
export async function findOllamaModel(env: Environment): Promise<string | undefined> {
  try {
    const host = ollamaHost(env.OLLAMA_HOST);
    if (!(await answers(host, CONNECT_MS))) return undefined;
    return (await survey(host, AbortSignal.timeout(SURVEY_MS))).usable;
  } catch {
    return undefined;
  }
}

/** Asks what is installed, and then model by model, the likeliest first, whether it can use tools. */
export async function survey(host: string, signal: AbortSignal): Promise<Survey> {
  const explain = (refusal: Parameters<typeof explainRefusal>[0]) =>
    explainRefusal(refusal, { host, model: "" });
  const client = await openClient({ host, signal, explain }, fetch);
  const { models } = await client.list();
  const installed = models.map(({ name }) => name);
  for (const name of likeliestFirst(models)) {
    if (await canUseTools(client, name)) return { installed, usable: name };
  }
  return { installed };
}

async function canUseTools(client: Ollama, model: string): Promise<boolean> {
  const { capabilities } = await client.show({ model });
  return capabilities?.includes("tools") ?? false;
}

/**
 * As Ollama lists them, the latest first; but models under 2 GB (some 3 billion parameters) seldom get far with
 * tools, and those that run in Ollama's cloud need an account.
 */
export function likeliestFirst(models: readonly ModelResponse[]): string[] {
  const rank = ({ name, size }: ModelResponse) => (/[-:]cloud$/.test(name) ? 2 : size < 2e9 ? 1 : 0);
  return models.toSorted((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

function answers(host: string, ms: number): Promise<boolean> {
  const { hostname, port, protocol } = new URL(host);
  const address = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = connect({
      host: address,
      port: Number(port || (protocol === "https:" ? 443 : 80)),
      timeout: ms,
    });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", settle(true)).on("timeout", settle(false)).on("error", settle(false));
  });
}
