import { type ModelError, quote } from "@eightfold/core";
import { explainNetwork, explainRefusal, isAboutTools, type Refusal, refusalOf } from "../http-errors.ts";
import { isOverflow } from "../overflow.ts";

/** What went wrong with a request, and what the user can do about it. */
export function explain(error: unknown, host: string, model: string): ModelError | undefined {
  const service = `Ollama at ${host}`;
  if (error instanceof SyntaxError) {
    const message = `${service} answered with something that is not JSON.`;
    return { kind: "unreachable", message, hint: WHO_ANSWERS, retryable: false };
  }
  const refusal = refusalOf(error);
  if (refusal) {
    const { kind, ...general } = explainRefusal(service, refusal);
    // Inside a stream, Ollama gives its words and no more.
    const isBare = refusal.status === undefined && refusal.told === undefined;
    return { ...general, kind: isBare ? "cut_off" : kind, ...meaningOf(refusal, quote(model)) };
  }
  const known = explainNetwork(error, service);
  if (known?.kind !== "unreachable" || !known.message.startsWith(service)) return known;
  return { ...known, hint: "Start it with: ollama serve. If it runs elsewhere, set OLLAMA_HOST." };
}

/** A 404 that is about the model, and not about the path. */
export function isUnknownModel({ status, said }: Refusal): boolean {
  return status === 404 && /model/i.test(said);
}

function meaningOf(refusal: Refusal, model: string): Partial<ModelError> {
  const { said, status = refusal.told } = refusal;
  const final = (kind: ModelError["kind"], hint: string) => ({ kind, hint, retryable: false });
  if (isUnknownModel(refusal)) {
    return final("unknown_model", `Fetch it with: ollama pull ${model}. List yours with: ollama list.`);
  }
  if (status === 404) return final("unreachable", WHO_ANSWERS);
  if (isAboutTools(refusal)) return final("no_tools", `Choose a model other than ${model}.`);
  if (isOverflow(refusal)) return final("context_too_long", MORE_CONTEXT);
  if (status === 401) {
    return final("bad_key", "Sign in with: ollama signin. Or choose a model that runs on this machine.");
  }
  const isPlan = /usage limit|subscription|upgrade/i.test(said);
  if (status === 429 && isPlan)
    return final("quota", "Wait until it is renewed, or choose a model that runs on this machine.");
  if (status === 403 && isPlan) return final("no_access", "Choose a model that runs on this machine.");
  // The model's slip, and no fault of the server: https://github.com/ollama/ollama/issues/12884
  if (/error parsing tool call/i.test(said)) return { kind: "bad_reply", retryable: true };
  if (/more system memory|requires more .*memory/i.test(said)) return final("overloaded", LESS_MEMORY);
  if (/runner (has unexpectedly stopped|process (has terminated|no longer running))/i.test(said))
    return { hint: LESS_MEMORY };
  return status === 503 ? { hint: "It is busy with other requests. Ask again in a moment." } : {};
}

const WHO_ANSWERS = "Is it Ollama that answers there? Check OLLAMA_HOST.";

export const MORE_CONTEXT =
  "Set OLLAMA_CONTEXT to more tokens, as far as the model and the memory allow, or start a new conversation.";

const LESS_MEMORY =
  "It may be short of memory. Choose a smaller model, or set OLLAMA_CONTEXT to fewer tokens.";

export function noTools(model: string): ModelError {
  return {
    kind: "no_tools",
    message: `The model ${model} cannot use tools by itself.`,
    hint: "Choose another model: ollama show NAME lists what a model can do.",
    retryable: false,
  };
}
