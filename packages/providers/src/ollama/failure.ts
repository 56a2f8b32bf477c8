import { explainNetwork, explainStatus, type ModelError, quote } from "@eightfold/core";

/** What a server refused with: before its reply, with a status, or in a line of it, without one. */
export interface Refusal {
  readonly status?: number;
  readonly said: string;
  readonly retryAfterMs?: number | undefined;
}

/** Where a request went, for messages. */
export interface Destination {
  readonly host: string;
  readonly model: string;
}

/** Reads the words out of an error's body: `{"error": "…"}`, which may itself hold the JSON of the engine below. */
export function wordsOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    if (typeof error === "string") return wordsOf(error);
    if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  } catch {
    // Plain text, or HTML of a proxy.
  }
  return body;
}

/** What a refusal means, and what the user can do about it. */
export function explainRefusal(refusal: Refusal, { host, model }: Destination): ModelError {
  const { status, said, retryAfterMs } = refusal;
  const service = `Ollama at ${host}`;
  const general: ModelError =
    status === undefined
      ? { kind: "cut_off", message: `${service} broke off its reply: ${quote(said)}`, retryable: true }
      : explainStatus({ service, status, said, retryAfterMs });
  return { ...general, ...particular(status, said, quote(model)) };
}

function particular(status: number | undefined, said: string, model: string): Partial<ModelError> {
  const final = (kind: ModelError["kind"], hint: string) => ({ kind, hint, retryable: false });
  if (status === 404 && /model/i.test(said)) {
    return final("unknown_model", `Fetch it with: ollama pull ${model}. What is there: ollama list.`);
  }
  if (status === 404) return final("unreachable", "Is it Ollama that answers there? Check OLLAMA_HOST.");
  if (/does not support tools/i.test(said)) return final("no_tools", `Choose a model other than ${model}.`);
  // Ollama drops what does not fit, the question of the user first: https://github.com/ollama/ollama/issues/18107
  if (/exceeds? the (available )?context|context (length|size).*exceed|no user query found/i.test(said)) {
    return final("context_too_long", MORE_CONTEXT);
  }
  if (status === 401)
    return final("bad_key", "Sign in with: ollama signin. Or choose a model that runs on this machine.");
  if (status === 429 && /usage limit|upgrade/i.test(said)) {
    return final("quota", "Wait until it is renewed, or choose a model that runs on this machine.");
  }
  // The model's slip, and no fault of the server: https://github.com/ollama/ollama/issues/12884
  if (/error parsing tool call/i.test(said)) return { kind: "bad_reply", retryable: true };
  if (/more system memory|requires more .*memory/i.test(said)) return final("overloaded", LESS_MEMORY);
  if (/runner has unexpectedly stopped|runner process has terminated/i.test(said))
    return { hint: LESS_MEMORY };
  return status === 503 ? { hint: "It is busy with other requests. Ask again in a moment." } : {};
}

export const MORE_CONTEXT =
  "Set OLLAMA_CONTEXT to more tokens, as far as the model and the memory allow, or start a new conversation.";

const LESS_MEMORY =
  "It may be short of memory. Choose a smaller model, or set OLLAMA_CONTEXT to fewer tokens.";

/** What an error means that is no answer of the server: nobody there, a lost connection, somebody else there. */
export function explainConnection(error: unknown, host: string): ModelError | undefined {
  const service = `Ollama at ${host}`;
  if (error instanceof SyntaxError) {
    const hint = "Is it Ollama that answers there? Check OLLAMA_HOST.";
    return {
      kind: "unreachable",
      message: `${service} answered with something that is no JSON.`,
      hint,
      retryable: false,
    };
  }
  if (error instanceof Error && error.message.startsWith("Did not receive done")) {
    return { kind: "cut_off", message: `${service} ended its reply without its last line.`, retryable: true };
  }
  const known = explainNetwork(error, service);
  if (known?.kind !== "unreachable") return known;
  return { ...known, hint: "Start it with: ollama serve. If it runs elsewhere, set OLLAMA_HOST." };
}
