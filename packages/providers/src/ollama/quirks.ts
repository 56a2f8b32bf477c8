/** What a model of Ollama can do, and what some servers do otherwise. */
import type { JsonSchema } from "@eightfold/core";
import type { Ollama } from "ollama";
import type { WireRecord } from "../answer.ts";
import { refusalOf } from "../http-errors.ts";
import type { Quirk } from "../learning.ts";
import { listOf, recordOf, reduceSchema, textOf, wordsOf } from "../wire-values.ts";
import { isUnknownModel } from "./errors.ts";

/** What the server says of a model, and what we ask of it. */
export interface ModelDetails {
  readonly canUseTools: boolean;
  /** How to ask it to think; undefined for a model that does not, which refuses to be asked. */
  readonly think?: true | "medium";
  /**
   * `num_ctx`, in tokens. It is sent with every request: by default Ollama takes as little as 4096, and drops the
   * beginning of what is longer. It never changes, because a change loads the model again.
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
    const refusal = refusalOf(error);
    if (refusal?.status === 404 && !isUnknownModel(refusal)) return detailsOf({}, wanted);
    throw error;
  }
}

export function detailsOf(shown: unknown, wanted: number | undefined): ModelDetails {
  const { capabilities, details } = recordOf(shown);
  // gpt-oss knows levels, and takes no true or false: https://docs.ollama.com/capabilities/thinking
  const think = recordOf(details).family === "gptoss" ? "medium" : true;
  const known = listOf(capabilities);
  return {
    // Servers before 0.6.4 do not tell: then it is found out by asking.
    canUseTools: !Array.isArray(capabilities) || known.includes("tools"),
    ...(known.includes("thinking") && { think }),
    contextTokens: Math.min(wanted ?? ownContext(recordOf(shown)), limitOf(recordOf(shown))),
  };
}

/** What the model's Modelfile asks for, else a sensible size. Elsewhere than on this machine, all that there is. */
function ownContext(shown: WireRecord): number {
  const [, parameter] = /^num_ctx\s+"?([1-9]\d*)/m.exec(textOf(shown.parameters)) ?? [];
  if (parameter !== undefined) return Number(parameter);
  const isRemote = Boolean(shown.remote_host);
  return isRemote && limitOf(shown) < Number.POSITIVE_INFINITY ? limitOf(shown) : DEFAULT_CONTEXT;
}

/** The longest context that the model was trained for. */
function limitOf({ model_info }: WireRecord): number {
  const info = recordOf(model_info);
  const limit = Number(wordsOf(info[`${textOf(info["general.architecture"])}.context_length`]));
  return Number.isSafeInteger(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

/** What the server keeps of a schema. https://github.com/ollama/ollama/blob/main/api/types.go, ToolProperty */
const KEYWORDS = new Set(["type", "items", "required", "properties", "anyOf", "description", "enum"]);

export const ollamaSchema = (schema: JsonSchema) => reduceSchema(schema, KEYWORDS);

/** A model that does not think refuses to be asked to. Servers before 0.6.4 do not tell beforehand. */
export const THINK = "think";

export const QUIRKS: readonly Quirk[] = [{ name: THINK, words: /does not support think|think value/i }];
