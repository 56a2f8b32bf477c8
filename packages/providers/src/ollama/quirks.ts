/** What a model of Ollama can do, and what some servers do otherwise. */
import { type Delta, type JsonSchema, ModelFailure, UsageError } from "@eightfold/core";
import type { Message, Ollama, ShowResponse } from "ollama";
import { reduceSchema } from "../wire-values.ts";

/** What the server says of a model, and what we ask of it. */
export interface ModelDetails {
  readonly canUseTools: boolean;
  /** How to ask it to think; undefined for a model that does not, which refuses to be asked. */
  readonly think?: true | "medium";
  /**
   * `num_ctx`, in tokens. It is sent with every request: by default Ollama takes as little as 4096, and drops the
   * beginning of what is longer. It never changes, because a change loads the model anew.
   */
  readonly contextTokens: number;
}

const DEFAULT_CONTEXT = 32_768;

/** Asks the server. One that only imitates Ollama, and cannot be asked, is given the defaults. */
export async function describeModel(
  client: Ollama,
  model: string,
  wanted: number | undefined,
): Promise<ModelDetails> {
  try {
    return detailsOf(await client.show({ model }), wanted);
  } catch (error) {
    const refusal = error instanceof ModelFailure ? error.error : undefined;
    if (refusal?.status === 404 && refusal.kind !== "unknown_model") return detailsOf({}, wanted);
    throw error;
  }
}

export function detailsOf(shown: Partial<ShowResponse>, wanted: number | undefined): ModelDetails {
  const { capabilities, details } = shown;
  // gpt-oss knows levels, and takes no true or false: https://docs.ollama.com/capabilities/thinking
  const think = details?.family === "gptoss" ? "medium" : true;
  return {
    // Servers before 0.6.4 do not tell: then it is found out by asking.
    canUseTools: capabilities?.includes("tools") ?? true,
    ...(capabilities?.includes("thinking") && { think }),
    contextTokens: Math.min(wanted ?? ownContext(shown), limitOf(shown)),
  };
}

/** What the model's Modelfile asks for, else a sensible size. Elsewhere than on this machine, all that there is. */
function ownContext(shown: Partial<ShowResponse>): number {
  const [, parameter] = /^num_ctx\s+(\d+)/m.exec(shown.parameters ?? "") ?? [];
  if (parameter !== undefined) return Number(parameter);
  const isRemote = "remote_host" in shown && Boolean(shown.remote_host);
  return isRemote && limitOf(shown) < Number.POSITIVE_INFINITY ? limitOf(shown) : DEFAULT_CONTEXT;
}

/** The longest context that the model was trained for. The SDK's types say Map; what comes is a plain object. */
function limitOf({ model_info }: Partial<ShowResponse>): number {
  const info: Readonly<Record<string, unknown>> = { ...model_info };
  const limit = info[`${info["general.architecture"]}.context_length`];
  return typeof limit === "number" && limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

/** OLLAMA_CONTEXT, a number of tokens. @throws UsageError for anything else */
export function contextWanted(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value) && Number(value) > 0) return Number(value);
  throw new UsageError(`OLLAMA_CONTEXT is a number of tokens, such as 65536, and not "${value}".`);
}

/** What the server keeps of a schema. https://github.com/ollama/ollama/blob/main/api/types.go, ToolProperty */
const KEYWORDS = new Set(["type", "items", "required", "properties", "anyOf", "description", "enum"]);

export const ollamaSchema = (schema: JsonSchema) => reduceSchema(schema, KEYWORDS);

const OPEN = "<think>";
const CLOSE = "</think>";

/**
 * Tells thinking from text in a reply that begins with `<think>`: servers that do not know a model's template leave
 * its thoughts in the content. https://github.com/ollama/ollama/issues/10976
 */
export function readThinkTags() {
  let state: "start" | "thinking" | "text" = "start";
  let held = "";
  const say = (type: Delta["type"], text: string): Delta[] => (text === "" ? [] : [{ type, text }]);

  /** Takes a piece of content, and gives what is known of it by now. */
  function read(content: string): Delta[] {
    if (state === "text") return say("text_delta", content);
    held += content;
    if (state === "start") {
      const begun = held.trimStart();
      if (!begun.startsWith(OPEN)) {
        if (OPEN.startsWith(begun)) return [];
        state = "text";
        return say("text_delta", held);
      }
      state = "thinking";
      held = begun.slice(OPEN.length);
    }
    const end = held.indexOf(CLOSE);
    if (end >= 0) {
      state = "text";
      const text = held.slice(end + CLOSE.length).trimStart();
      return [...say("reasoning_delta", held.slice(0, end)), ...say("text_delta", text)];
    }
    const safe = held.length - overlap(held);
    const thought = held.slice(0, safe);
    held = held.slice(safe);
    return say("reasoning_delta", thought);
  }

  /** Gives what was held back, at the end. */
  const rest = () =>
    state === "text" ? [] : say(state === "start" ? "text_delta" : "reasoning_delta", held);

  return { read, rest };
}

/** How many letters at the end of a text may be the beginning of the closing tag. */
function overlap(text: string): number {
  let length = Math.min(text.length, CLOSE.length - 1);
  while (!CLOSE.startsWith(text.slice(text.length - length))) length--;
  return length;
}

/**
 * Whether the server left out a part of what it was sent. It does so without a word where `truncate: false` is not
 * known to it, and counts only what it kept. `counted` is its own count of input tokens: it covers the whole prompt
 * since 2024, but for 0.30.0, which left out what was cached. Hence the second condition: a conversation that is
 * short against the context is never called truncated.
 */
export function isTruncated(
  messages: readonly Message[],
  counted: number | undefined,
  contextTokens: number,
): boolean {
  if (counted === undefined) return false;
  const fewest = messages.reduce((sum, { content }) => sum + fewestTokens(content), 0);
  return counted < fewest && fewest > contextTokens / 2;
}

/**
 * A number of tokens that no tokenizer can stay below: tokens span neither two words nor a word and the number
 * behind it. Real counts are higher, by a third in English, and severalfold in scripts without spaces.
 */
export function fewestTokens(text: string): number {
  const words = text.matchAll(/[^\s\p{L}\p{M}\p{N}]?[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]+/gu);
  return [...words].length;
}
