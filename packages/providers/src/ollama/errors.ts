import { badReply, cutOff, type ModelError, ModelFailure, quote, waitFromHeaders } from "@eightfold/core";
import { explainNetwork, explainStatus, type Refusal, readErrorBody } from "../http-errors.ts";
import { isRecord, parseJson } from "../wire-values.ts";

/** Where a request went, for messages. */
export interface Destination {
  readonly host: string;
  readonly model: string;
}

/** What an error means that is no answer of the server: nobody there, a lost connection, somebody else there. */
export function explain(error: unknown, host: string): ModelError | undefined {
  const service = `Ollama at ${host}`;
  if (error instanceof SyntaxError) {
    const message = `${service} answered with something that is no JSON.`;
    return { kind: "unreachable", message, hint: WHO_ANSWERS, retryable: false };
  }
  if (error instanceof Error && error.message.startsWith("Did not receive done")) {
    return cutOff(`${service} ended its reply without its last line.`).error;
  }
  const known = explainNetwork(error, service);
  if (known?.kind !== "unreachable") return known;
  return { ...known, hint: "Start it with: ollama serve. If it runs elsewhere, set OLLAMA_HOST." };
}

/**
 * The same fetch, which throws what the server refuses as a ModelFailure before the SDK sees it: the SDK would write
 * notes about it to the console, and to a body of an unexpected shape it says "[object Object]".
 */
export function throwRefusals(
  fetch: typeof globalThis.fetch,
  destination: Destination,
): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { ok, status, headers, body } = response;
    if (!ok) {
      const said = wordsOf(await response.text());
      throw new ModelFailure(explainRefusal({ status, said, headers }, destination));
    }
    if (!body || !String(input).endsWith("/api/chat")) return response;
    return new Response(ReadableStream.from(wholeLines(body, destination)), { status });
  };
}

/** The lines of a streamed reply. One with an error is thrown; a last one that is torn is left out. */
async function* wholeLines(
  body: ReadableStream<Uint8Array>,
  destination: Destination,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.trim() !== "")) {
      const parsed = parseJson(line);
      if (!isRecord(parsed)) throw badReply("Ollama sent a line that is no JSON.");
      if (parsed.error !== undefined) {
        throw new ModelFailure(explainRefusal({ said: wordsOf(line) }, destination));
      }
      yield encoder.encode(`${line}\n`);
    }
  }
  if (isRecord(parseJson(rest))) yield encoder.encode(rest);
}

/** The words in an error's body: `{"error": "…"}` may itself hold the JSON of the engine below; a proxy sends HTML. */
function wordsOf(body: string): string {
  const { said } = readErrorBody(parseJson(body), body);
  return said === body ? body : wordsOf(said);
}

/** What a refusal means, and what the user can do about it. */
function explainRefusal(
  { status, said, headers }: Pick<Refusal, "status" | "said" | "headers">,
  { host, model }: Destination,
): ModelError {
  const service = `Ollama at ${host}`;
  const general: ModelError =
    status === undefined
      ? cutOff(`${service} broke off its reply: ${quote(said)}`).error
      : explainStatus(service, { status, said }, waitFromHeaders(headers));
  return { ...general, ...meaningOf(status, said, quote(model)) };
}

function meaningOf(status: number | undefined, said: string, model: string): Partial<ModelError> {
  const final = (kind: ModelError["kind"], hint: string) => ({ kind, hint, retryable: false });
  if (status === 404 && /model/i.test(said)) {
    return final("unknown_model", `Fetch it with: ollama pull ${model}. What is there: ollama list.`);
  }
  if (status === 404) return final("unreachable", WHO_ANSWERS);
  if (/does not support tools/i.test(said)) return final("no_tools", `Choose a model other than ${model}.`);
  // Ollama drops what does not fit, the question of the user first: https://github.com/ollama/ollama/issues/18107
  if (/exceeds? the (available )?context|context (length|size).*exceed|no user query found/i.test(said)) {
    return final("context_too_long", MORE_CONTEXT);
  }
  if (status === 401) {
    return final("bad_key", "Sign in with: ollama signin. Or choose a model that runs on this machine.");
  }
  if (status === 429 && /usage limit|upgrade/i.test(said)) {
    return final("quota", "Wait until it is renewed, or choose a model that runs on this machine.");
  }
  // The model's slip, and no fault of the server: https://github.com/ollama/ollama/issues/12884
  if (/error parsing tool call/i.test(said)) return { kind: "bad_reply", retryable: true };
  if (/more system memory|requires more .*memory/i.test(said)) return final("overloaded", LESS_MEMORY);
  if (/runner (has unexpectedly stopped|process has terminated)/i.test(said)) return { hint: LESS_MEMORY };
  return status === 503 ? { hint: "It is busy with other requests. Ask again in a moment." } : {};
}

const WHO_ANSWERS = "Is it Ollama that answers there? Check OLLAMA_HOST.";

const MORE_CONTEXT =
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

export function truncated(contextTokens: number): ModelError {
  return {
    kind: "context_too_long",
    message: `The conversation is longer than the ${contextTokens} tokens of context, and Ollama left out a part of it.`,
    hint: MORE_CONTEXT,
    retryable: false,
  };
}
