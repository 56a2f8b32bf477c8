import type { ModelResponse, Ollama } from "ollama";
import { explainRefusal, type Refusal } from "./failure.ts";
import { openClient } from "./transport.ts";

/** What is installed, and the first of it that can use tools. */
export interface Survey {
  readonly installed: readonly string[];
  readonly usable?: string;
}

/** Asks what is installed, and then model by model, the likeliest first, whether it can use tools. */
export async function survey(host: string, signal: AbortSignal): Promise<Survey> {
  const explain = (refusal: Refusal) => explainRefusal(refusal, { host, model: "" });
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
