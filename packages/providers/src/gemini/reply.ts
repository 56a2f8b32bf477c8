import type { CompleteReply, Delta, Usage, Watch } from "@eightfold/core";
import { badReply, cutOff, ModelFailure } from "@eightfold/core";
import type { GenerateContentResponse, GenerateContentResponseUsageMetadata, Part } from "@google/genai/web";
import { type CallIds, knownCounts, replyOf } from "../wire-values.ts";

/**
 * Reads one streamed reply to its end. All parts are kept as they came and in their order, because a signature
 * counts only in its place; `chunk.text` and `chunk.functionCalls` are not used, for they drop them.
 * @throws ModelFailure when the prompt was blocked, when the reply is of no use or when the stream just ends
 */
export async function* readReply(
  chunks: AsyncIterable<GenerateContentResponse>,
  model: string,
  idFor: CallIds,
  watch: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const parts: Part[] = [];
  let finishReason: string | undefined;
  let usage: Usage = {};
  let reasoning = "";
  for await (const chunk of chunks) {
    watch.alive();
    const { blockReason, blockReasonMessage } = chunk.promptFeedback ?? {};
    if (blockReason) throw blockedPrompt(blockReasonMessage ?? blockReason);
    if (chunk.usageMetadata) usage = usageOf(chunk.usageMetadata);
    const [candidate] = chunk.candidates ?? [];
    finishReason = candidate?.finishReason ?? finishReason;
    for (const part of candidate?.content?.parts ?? []) {
      if (part.thought) reasoning += part.text ?? "";
      if (part.text) yield { type: part.thought ? "reasoning_delta" : "text_delta", text: part.text };
      collect(parts, part);
    }
  }
  if (finishReason === undefined) throw cutOff("Gemini's reply ended without its last part.");

  const text = parts.map((part) => (part.thought ? "" : (part.text ?? ""))).join("");
  const calls = parts.flatMap(({ functionCall: call }) =>
    call ? { id: idFor(call.id), name: call.name ?? "", input: call.args ?? {} } : [],
  );
  const end = endOf(finishReason, text === "" && calls.length === 0);
  const native = { provider: "gemini", model, data: parts };
  return replyOf({ text, reasoning, calls, end, usage, native });
}

/** Adds a part. Adjacent texts become one, but nothing is joined to a part that has a signature. */
function collect(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (part.thought && !part.thoughtSignature) return;
  if (last && isPlainText(last) && isPlainText(part)) last.text = `${last.text}${part.text}`;
  else parts.push({ ...part });
}

function isPlainText(part: Part): boolean {
  return Object.keys(part).join() === "text";
}

/** https://ai.google.dev/api/generate-content#FinishReason, and what each means to us. The rest are errors. */
const REFUSED = /^(SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII)$/;
const CUT_SHORT = /^(MAX_TOKENS|CONTINUATION)$/;
/** The model stumbled. Asked again, it usually does not. */
const STUMBLED =
  /^(MALFORMED_FUNCTION_CALL|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS|MALFORMED_RESPONSE|OTHER)$/;

/** @throws ModelFailure for a reply that is empty, malformed or ended for a reason that we do not know */
function endOf(finishReason: string, isEmpty: boolean): "done" | "length" | "refused" {
  if (REFUSED.test(finishReason)) return "refused";
  if (CUT_SHORT.test(finishReason)) return "length";
  if (STUMBLED.test(finishReason)) throw badReply(`Gemini's reply was malformed (${finishReason}).`);
  // STOP ends tool calls too.
  if (finishReason !== "STOP") {
    const message = `Gemini ended its reply for a reason that is not known here (${finishReason}).`;
    throw new ModelFailure({ kind: "bad_reply", message, retryable: false });
  }
  if (isEmpty) throw badReply("Gemini sent an empty reply.");
  return "done";
}

/** A prompt that Gemini will not look at: there is no reply at all. */
function blockedPrompt(why: string): ModelFailure {
  return new ModelFailure({
    kind: "blocked",
    message: `Gemini refused the request (${why}).`,
    hint: "Ask in other words, or start a new conversation without the part that it refused.",
    retryable: false,
  });
}

/** Thoughts are counted apart from the answer; what was cached is a part of the prompt. A zero may be left out. */
function usageOf(counted: GenerateContentResponseUsageMetadata): Usage {
  const { promptTokenCount, cachedContentTokenCount, candidatesTokenCount, thoughtsTokenCount } = counted;
  const isOutputKnown = candidatesTokenCount !== undefined || thoughtsTokenCount !== undefined;
  return knownCounts({
    input: promptTokenCount,
    cached: cachedContentTokenCount,
    output: isOutputKnown ? (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0) : undefined,
    reasoning: thoughtsTokenCount,
  });
}
