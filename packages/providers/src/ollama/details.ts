import { ModelFailure, UsageError } from "@eightfold/core";
import type { Ollama, ShowResponse } from "ollama";

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
export async function describe(
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
