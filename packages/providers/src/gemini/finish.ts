import { badReply, type CompleteReply, ModelFailure, type UserMessage } from "@eightfold/core";
import type { GenerateContentResponsePromptFeedback } from "@google/genai/web";

/** https://ai.google.dev/api/generate-content#FinishReason, and what each means to us. The rest are errors. */
const REFUSED = new Set(["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"]);
const CUT_SHORT = new Set(["MAX_TOKENS", "CONTINUATION"]);
/** The model stumbled. Asked again, it usually does not. */
const STUMBLED = new Set([
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MALFORMED_RESPONSE",
  "OTHER",
]);

/** What the model is told when it is asked again after a reply of no use: without it, it tends to repeat itself. */
export const NUDGE: UserMessage = {
  role: "user",
  text: "[Your last reply was empty or malformed, and was dropped. Go on: call a function with valid arguments, or answer in text.]",
};

/**
 * Why a reply ended. Gemini says STOP for tool calls too.
 * @throws ModelFailure for a reply that is empty, malformed or ended for a reason that we do not know
 */
export function endOf(finishReason: string, hasText: boolean, hasCalls: boolean): CompleteReply["stop"] {
  if (REFUSED.has(finishReason)) return "refused";
  if (CUT_SHORT.has(finishReason)) return "length";
  if (STUMBLED.has(finishReason)) throw badReply(`Gemini's reply was malformed (${finishReason}).`);
  if (finishReason !== "STOP") {
    const message = `Gemini ended its reply for a reason that is not known here (${finishReason}).`;
    throw new ModelFailure({ kind: "bad_reply", message, retryable: false });
  }
  if (hasCalls) return "tool_calls";
  if (!hasText) throw badReply("Gemini sent an empty reply.");
  return "done";
}

/** A prompt that Gemini will not look at: there is no reply at all. */
export function blockedPrompt(feedback: GenerateContentResponsePromptFeedback): ModelFailure {
  const why = feedback.blockReasonMessage ?? feedback.blockReason;
  return new ModelFailure({
    kind: "blocked",
    message: `Gemini refused the request (${why}).`,
    hint: "Ask in other words, or start a new conversation without the part that it refused.",
    retryable: false,
  });
}
