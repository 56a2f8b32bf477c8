import { writtenInput } from "../arguments.ts";
import { estimatedTokens, idMaker, opaque, pieces } from "../issue.ts";
import { type JsonObject, objectOf, objectsOf } from "../json.ts";
import type { ScriptedReply } from "../script.ts";
import { type Frame, type HttpCall, sse, wholeReply } from "../service.ts";
import { spelledOut } from "./payload.ts";
import type { IssuedSignature } from "./signatures.ts";
import { targetOf } from "./validate.ts";

/** Without `alt=sse` a stream is a JSON list that grows. */
export const isSse = (path: string): boolean => /[?&](alt|\$alt)=sse\b/.test(path);

/**
 * Replies as GenerateContentResponses, a stream of them or one, and tells `issue` which signatures it gave. Parallel calls come in
 * one chunk, and in the next reply in one chunk each, as both happen.
 */
export function openAnswers(
  issue: (given: IssuedSignature) => void,
): (reply: ScriptedReply, call: HttpCall) => Frame[] {
  const newId = idMaker();
  let replies = 0;
  return (reply, call) => {
    replies += 1;
    const { model } = targetOf(call);
    const head = { modelVersion: model, responseId: newId("", 22) };
    const count = usageOf(reply, call);
    if (reply.stop === "refused" && !reply.text) {
      const promptFeedback = { blockReason: "PROHIBITED_CONTENT" };
      return written([{ carries: "end", data: { promptFeedback, usageMetadata: count(""), ...head } }], call);
    }
    let sent = "";
    const chunk = (carries: Frame["carries"], parts: JsonObject[], finish: JsonObject = {}): Chunk => {
      sent += JSON.stringify(parts);
      const usageMetadata = carries === "end" ? count() : count(sent);
      const candidates = [{ content: { parts, role: "model" }, ...finish, index: 0 }];
      return { carries, data: { candidates, usageMetadata, ...head } };
    };
    const { calls, malformed } = callParts(reply, newId);
    const signature = opaque(`${head.responseId}-signature`, 120);
    const [first] = calls;
    if (first) first.thoughtSignature = signature;
    const { name, id } = objectOf(first?.functionCall);
    issue({
      signature,
      model,
      isComplete: reply.stop === undefined,
      ...(first && { name: String(name) }),
      ...(id !== undefined && { id: String(id) }),
    });
    const together = replies % 2 === 0 && reply.fault === undefined;
    const batches = together && calls.length > 0 ? [calls] : calls.map((part) => [part]);
    const last = first || malformed ? [{ text: "" }] : [{ text: "", thoughtSignature: signature }];
    const chunks = [
      ...thoughts(reply, call).map((text) => chunk("reasoning", [{ text, thought: true }])),
      ...pieces(reply.text ?? "").map((text) => chunk("text", [{ text }])),
      ...batches.map((parts) => chunk("call", parts)),
      chunk("end", last, finishOf(reply, malformed)),
    ];
    return written(chunks, call);
  };
}

/** A response of the stream, and what it carries. */
interface Chunk {
  readonly carries: Frame["carries"];
  readonly data: JsonObject;
}

function written(chunks: readonly Chunk[], { path }: HttpCall): Frame[] {
  if (!path.includes(":streamGenerateContent")) return wholeReply(joined(chunks.map(({ data }) => data)));
  if (isSse(path)) return chunks.map(({ carries, data }) => sse(carries, data));
  const list = chunks.map(({ carries, data }, index): Frame => {
    return { carries, text: `${index === 0 ? "[" : ",\r\n"}${JSON.stringify(data)}` };
  });
  return [...list, { carries: "after", text: "]" }];
}

/** One response with the parts of all: pieces of a text are one part again. */
function joined(responses: readonly JsonObject[]): JsonObject {
  const last = responses.at(-1) ?? {};
  const candidates = responses.flatMap((response) => objectsOf(response.candidates));
  if (candidates.length === 0) return last;
  const parts: JsonObject[] = [];
  for (const part of candidates.flatMap(({ content }) => objectsOf(objectOf(content).parts))) {
    const before = parts.at(-1);
    const continues = before && "text" in before && "text" in part && before.thought === part.thought;
    if (continues) parts[parts.length - 1] = { ...part, text: `${before.text}${part.text}` };
    else if (part.text !== "" || parts.length === 0) parts.push(part);
  }
  return { ...last, candidates: [{ ...candidates.at(-1), content: { parts, role: "model" } }] };
}

/** Summaries of thoughts are sent to those who ask for them. */
function thoughts({ reasoning }: ScriptedReply, { body }: HttpCall): string[] {
  const { thinkingConfig } = objectOf(spelledOut(body).generationConfig);
  const { includeThoughts, thinkingBudget } = objectOf(thinkingConfig);
  return includeThoughts === true && thinkingBudget !== 0 ? pieces(reasoning ?? "") : [];
}

/** Calls come whole, so that the output limit leaves out the last; one that is not JSON ends the reply before any. */
function callParts(
  reply: ScriptedReply,
  newId: (prefix: string, length: number) => string,
): { calls: JsonObject[]; malformed?: string } {
  const { calls = [], stop, fault } = reply;
  const kept = stop === "length" ? calls.slice(0, -1) : calls;
  const parts: JsonObject[] = [];
  for (const call of kept) {
    const { input, raw } = writtenInput(call, fault);
    if (input === undefined) return { calls: [], malformed: `Malformed function call: ${call.name}(${raw})` };
    const id = fault?.type === "calls_without_ids" ? {} : { id: call.id ?? newId("", 8) };
    parts.push({ functionCall: { ...id, name: call.name, args: input } });
  }
  return { calls: parts };
}

function finishOf({ stop, fault }: ScriptedReply, malformed: string | undefined): JsonObject {
  if (fault?.type === "finish") return { finishReason: fault.reason };
  if (malformed !== undefined) return { finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: malformed };
  if (stop === "length") return { finishReason: "MAX_TOKENS" };
  return { finishReason: stop === "refused" ? "SAFETY" : "STOP" };
}

/** Counts what was sent so far, or, without an argument, all of the reply. */
function usageOf({ usage = {}, ...reply }: ScriptedReply, { raw }: HttpCall): (sent?: string) => JsonObject {
  const prompt = usage.input ?? estimatedTokens(raw);
  const thoughtsCount = usage.reasoning ?? (reply.reasoning ? estimatedTokens(reply.reasoning) : 0);
  const all =
    usage.output === undefined ? estimatedTokens(JSON.stringify(reply)) : usage.output - thoughtsCount;
  return (sent) => {
    const candidates = sent === undefined ? all : Math.min(all, estimatedTokens(sent));
    return {
      promptTokenCount: prompt,
      ...(usage.cached !== undefined && { cachedContentTokenCount: usage.cached }),
      ...(sent !== "" && { candidatesTokenCount: candidates }),
      ...(thoughtsCount > 0 && { thoughtsTokenCount: thoughtsCount }),
      totalTokenCount: prompt + thoughtsCount + (sent === "" ? 0 : candidates),
    };
  };
}
