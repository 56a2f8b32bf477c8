import {
  type CompleteReply,
  cutOff,
  type Delta,
  type ToolCall,
  type Usage,
  type Watch,
} from "@eightfold/core";
import type { GenerateContentResponse, GenerateContentResponseUsageMetadata, Part } from "@google/genai/web";
import { cutOffCall } from "../arguments.ts";
import { callId } from "../call-id.ts";
import { blockedPrompt, endOf } from "./finish.ts";

/**
 * Reads one streamed reply to its end. All parts are kept as they came and in their order, because a signature
 * counts only in its place; `chunk.text` and `chunk.functionCalls` are not used, for they drop them.
 * @param taken the ids of all earlier calls: some servers number their calls anew in each reply
 * @throws ModelFailure when the prompt was blocked, when the reply is of no use or when the stream just ends
 */
export async function* readReply(
  chunks: AsyncIterable<GenerateContentResponse>,
  model: string,
  taken: ReadonlySet<string>,
  watch: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const parts: Part[] = [];
  let finishReason: string | undefined;
  let usage: Usage = {};
  let reasoning = "";
  for await (const chunk of chunks) {
    watch.alive();
    if (chunk.promptFeedback?.blockReason) throw blockedPrompt(chunk.promptFeedback);
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
  const calls = callsOf(parts, taken);
  const stop = endOf(finishReason, text !== "", calls.length > 0);
  const complete = stop === "done" || stop === "tool_calls";
  const kept = stop === "refused" ? [] : complete ? calls : calls.map(cutOffCall);
  return {
    message: {
      role: "assistant",
      text,
      toolCalls: kept,
      ...(reasoning !== "" && { reasoning }),
      ...(complete && { native: { provider: "gemini", model, data: parts } }),
    },
    stop: kept.length > 0 ? "tool_calls" : stop,
    usage,
  };
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

function callsOf(parts: Part[], taken: ReadonlySet<string>): ToolCall[] {
  const used = new Set(taken);
  return parts.flatMap(({ functionCall }) => {
    if (!functionCall) return [];
    const id = callId(functionCall.id, used);
    used.add(id);
    return { id, name: functionCall.name ?? "", input: functionCall.args ?? {} };
  });
}

/** Thoughts are counted apart from the answer; what was cached is a part of the prompt. A zero may be left out. */
function usageOf(counted: GenerateContentResponseUsageMetadata): Usage {
  const { promptTokenCount, cachedContentTokenCount, candidatesTokenCount, thoughtsTokenCount } = counted;
  const isOutputKnown = candidatesTokenCount !== undefined || thoughtsTokenCount !== undefined;
  return {
    ...(promptTokenCount !== undefined && { input: promptTokenCount }),
    ...(cachedContentTokenCount !== undefined && { cached: cachedContentTokenCount }),
    ...(isOutputKnown && { output: (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0) }),
    ...(thoughtsTokenCount !== undefined && { reasoning: thoughtsTokenCount }),
  };
}
