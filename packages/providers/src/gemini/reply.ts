import {
  badReply,
  type CompleteReply,
  type Delta,
  ModelFailure,
  type ToolCall,
  type Usage,
} from "@eightfold/core";
import type { Part } from "@google/genai/web";
import { type Answer, quoted, type WireRecord } from "../answer.ts";
import { readCall, withoutRepetitions } from "../call-arguments.ts";
import { endedEarly } from "../records.ts";
import { type CallIds, callIdsAfter, judgedReply, type ReplySource, whyEnded } from "../reply.ts";
import { isRecord, knownCounts, listOf, readThinkTags, recordOf, textOf, wordsOf } from "../wire-values.ts";

/**
 * Reads one streamed reply to its end. All parts are kept as they came and in their order, because a signature counts
 * only in its place.
 * @throws ModelFailure when the prompt was blocked, when the reply is of no use or when the stream just ends
 */
export async function* readReply(
  chunks: AsyncIterable<WireRecord>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const { answer, request, model } = source;
  const idFor = callIdsAfter(request.conversation);
  const pieces = readCallPieces();
  const parts: Part[] = [];
  const calls: ToolCall[] = [];
  const fresh = withoutRepetitions();
  const tags = readThinkTags();
  let finishReason = "";
  let why = "";
  let usage: Usage = {};
  for await (const sent of chunks) {
    const chunk = recordOf(inCamelCase(sent));
    const { blockReason, blockReasonMessage } = recordOf(chunk.promptFeedback);
    if (blockReason)
      throw blockedPrompt(wordsOf(blockReasonMessage) || wordsOf(blockReason) || "no reason given", answer);
    if (chunk.usageMetadata) usage = usageOf(recordOf(chunk.usageMetadata));
    const candidate = recordOf(listOf(chunk.candidates).find((each) => !recordOf(each).index));
    const reason = wordsOf(candidate.finishReason);
    finishReason = (REASONS[Number(reason)] ?? reason) || finishReason;
    why = wordsOf(candidate.finishMessage) || why;
    const whole = listOf(recordOf(candidate.content).parts).filter(isRecord).flatMap(pieces.read);
    for (const sent of fresh(whole, ({ functionCall }) =>
      isRecord(functionCall) ? functionCall : undefined,
    )) {
      const { part, call } = readPart(sent, idFor);
      if (call) calls.push(call);
      const { text = "" } = part;
      yield* part.thought ? tags.read("", text) : tags.read(text);
      collect(parts, part);
    }
  }
  if (finishReason === "") throw endedEarly(answer);
  const words = whyEnded([finishReason, why], answer);
  const end = endOf(finishReason, words);
  if (pieces.isOpen() && end === "done") throw badReply("Gemini ended its reply in the middle of a call.");
  if (end === "refused" && why !== "") yield* tags.read(words, "", true);
  yield* tags.rest();
  const native = { provider: "gemini", model, data: parts };
  return judgedReply({ ...tags.said, calls, end, usage, native }, source);
}

/** The same in the spelling of the documents: the JSON of a protobuf has two. Arguments are the model's own. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [name, key === "args" ? inner : inCamelCase(inner)] as const;
  });
  return Object.fromEntries(entries);
}

/** A part as it came, except for a text and arguments of another type than they go back in; and the call in it. */
function readPart(sent: WireRecord, idFor: CallIds): { part: Part; call?: ToolCall } {
  const { text, functionCall, ...others } = sent;
  const part = { ...others, ...("text" in sent && { text: textOf(text) }) };
  if (!isRecord(functionCall)) return { part };
  const call = readCall(idFor(textOf(functionCall.id)), functionCall.name, functionCall.args);
  const { name, input } = call;
  const isSound = functionCall.args === undefined || isRecord(functionCall.args);
  const sound = isSound ? { ...functionCall, name } : { name, args: input };
  return { part: { ...part, functionCall: sound }, call };
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
const DONE = /^(STOP|(FUNCTION|TOOL)_CALLS?|END_TURN)$/i;
const REFUSED = /^(IMAGE_)?(SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII|MODEL_ARMOR)$/i;
const CUT_SHORT = /^(MAX_TOKENS|CONTINUATION)$/i;
/** The model stumbled. Asked again, it usually does not. */
const STUMBLED =
  /^(MALFORMED_FUNCTION_CALL|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS|MALFORMED_RESPONSE|OTHER)$/i;
/** By their numbers, as gateways written in Python send them. */
const REASONS = ["", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"];

/** @throws ModelFailure for a reply that is malformed or ended for a reason that we do not know */
function endOf(finishReason: string, why: string): "done" | "length" | "refused" {
  if (REFUSED.test(finishReason)) return "refused";
  if (CUT_SHORT.test(finishReason)) return "length";
  if (STUMBLED.test(finishReason)) throw badReply(`Gemini's reply was malformed (${why}).`);
  // STOP ends tool calls too.
  if (!DONE.test(finishReason)) {
    const message = `Gemini ended its reply for a reason that is not known here (${why}).`;
    throw new ModelFailure({ kind: "bad_reply", message, retryable: false });
  }
  return "done";
}

/** A prompt that Gemini will not look at: there is no reply at all. */
function blockedPrompt(why: string, answer: Answer): ModelFailure {
  return new ModelFailure({
    kind: "blocked",
    message: `Gemini refused the request (${quoted(why, answer)}).`,
    hint: "Rephrase the request, or start a new conversation without the part that it refused.",
    retryable: false,
  });
}

/** Thoughts are counted apart from the answer; what was cached is a part of the prompt. A zero may be left out. */
function usageOf(counted: WireRecord): Usage {
  const { promptTokenCount: input, cachedContentTokenCount: cached } = counted;
  const { output, reasoning } = knownCounts({
    output: counted.candidatesTokenCount,
    reasoning: counted.thoughtsTokenCount,
  });
  const isKnown = output !== undefined || reasoning !== undefined;
  return knownCounts({
    input,
    cached,
    output: isKnown ? (output ?? 0) + (reasoning ?? 0) : undefined,
    reasoning,
  });
}

/**
 * Reads the parts of one reply. Calls may come in pieces, each for a place: `{ "jsonPath": "$.path", "stringValue": "a.t",
 * "willContinue": true }`. `isOpen` tells whether a call lacks its end.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
 */
function readCallPieces() {
  let begun: WireRecord | undefined;
  let args: Container = Object.create(null);

  return {
    isOpen: () => begun !== undefined,
    /** The part itself, or all of the call that it completes; none while more of that call is to come. */
    read(part: WireRecord): WireRecord[] {
      const call = recordOf(part.functionCall);
      const { partialArgs, willContinue, ...rest } = call;
      const isPiece = partialArgs !== undefined || willContinue === true;
      const isNext = begun !== undefined && "functionCall" in part && !rest.name;
      if (!isPiece && !isNext) return [part];
      if (!isNext) args = Object.create(null);
      begun = isNext ? { ...part, ...begun } : { ...part, functionCall: rest };
      for (const piece of listOf(partialArgs).filter(isRecord)) add(args, piece);
      if (willContinue === true) return [];
      // As JSON has it: a name such as "__proto__" is a name like any other there.
      const whole = {
        ...begun,
        functionCall: { ...recordOf(begun.functionCall), args: JSON.parse(JSON.stringify(args)) },
      };
      begun = undefined;
      return [whole];
    },
  };
}

type Container = Record<string | number, unknown>;

function add(args: Container, piece: WireRecord): void {
  const places = [...textOf(piece.jsonPath).matchAll(/\.([^.[\]]+)|\[(\d{1,4})\]|\[["']([^\]]*)["']\]/g)];
  const keys = places.map(([, name, index, quoted]) =>
    index === undefined ? (name ?? quoted ?? "") : Number(index),
  );
  const last = keys.pop();
  if (last === undefined) return;
  const owner = keys.reduce<Container>((container, key, at) => {
    const isList = typeof (keys[at + 1] ?? last) === "number";
    const inner = Object.hasOwn(container, key) ? container[key] : undefined;
    const next = (typeof inner === "object" && inner) || (isList ? [] : Object.create(null));
    container[key] = next;
    return next as Container;
  }, args);
  const { stringValue, numberValue, boolValue } = piece;
  const before = Object.hasOwn(owner, last) ? textOf(owner[last]) : "";
  owner[last] = stringValue === undefined ? (numberValue ?? boolValue ?? null) : before + textOf(stringValue);
}
