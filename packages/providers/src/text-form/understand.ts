import {
  type CompleteReply,
  type Message,
  ModelFailure,
  type ModelRequest,
  type Provider,
  type ToolCall,
} from "@eightfold/core";
import { cutOffCall } from "../arguments.ts";
import { callId, callIds } from "../call-id.ts";
import { type Offer, type Reading, readReply } from "./forms.ts";
import { howToCall, TEXT_FORM } from "./prompt.ts";
import type { WrittenCall } from "./read-call.ts";

/** How many malformed calls in a row are answered with a correction, before the turn ends with an error. */
const MAX_CORRECTIONS = 3;

export interface Asked {
  readonly provider: Provider;
  readonly request: ModelRequest;
  readonly offer: Offer;
  /** Whether the model was told of its tools in words. */
  readonly inWords: boolean;
}

/**
 * The same reply, or the one that calls the tools which its text calls.
 * @throws ModelFailure after too many calls in a row that cannot be read
 */
export function understand(reply: CompleteReply, asked: Asked): CompleteReply {
  const reading = readingOf(reply, asked);
  if (reading.type === "text") return reply;
  const { text, reasoning } = reply.message;
  const calls = callsOf(reading, text, asked);
  const isCut = reply.stop === "length";
  const native = { provider: TEXT_FORM, model: asked.provider.name, data: text };
  return {
    ...reply,
    message: {
      role: "assistant",
      text: reading.before,
      toolCalls: isCut ? calls.map(cutOffCall) : calls,
      ...(reasoning !== undefined && { reasoning }),
      ...(asked.inWords && !isCut && { native }),
    },
    stop: "tool_calls",
  };
}

/** What a reply calls by its text. Of a model that was sent the tools themselves, only sound calls count. */
function readingOf({ message, stop }: CompleteReply, { offer, inWords }: Asked): Reading {
  if (offer.size === 0 || message.toolCalls.length > 0 || stop === "refused") return { type: "text" };
  const reading = readReply(message.text, offer);
  const isSound =
    stop !== "length" && reading.type === "calls" && reading.calls.every(({ name }) => offer.has(name));
  return inWords || isSound ? reading : { type: "text" };
}

function callsOf(
  reading: Exclude<Reading, { type: "text" }>,
  text: string,
  { request, offer }: Asked,
): ToolCall[] {
  const taken = callIds(request.conversation);
  if (reading.type === "calls") return reading.calls.map((call) => withId(call, taken));
  if (correctionsAtEnd(request.conversation) >= MAX_CORRECTIONS) throw new ModelFailure(HOPELESS);
  const name = [...offer.keys()].find((each) => text.includes(each, reading.before.length)) ?? "tool";
  const invalid = `The call could not be read. ${reading.problem}\n${howToCall(offer)}`;
  return [{ ...withId({ name, input: {} }, taken), invalid }];
}

function withId(call: WrittenCall, taken: ReadonlySet<string>): ToolCall {
  return { id: callId(undefined, taken), ...call };
}

/** How many of the last replies, one after the other, held a call that could not be read. */
function correctionsAtEnd(conversation: readonly Message[]): number {
  const replies = conversation.filter(({ role }) => role !== "tool").toReversed();
  const sound = replies.findIndex(
    (message) =>
      message.role !== "assistant" || !message.toolCalls.some(({ invalid }) => invalid !== undefined),
  );
  return sound < 0 ? replies.length : sound;
}

const HOPELESS = {
  kind: "bad_reply",
  message: `The model wrote ${MAX_CORRECTIONS + 1} tool calls in a row that cannot be read.`,
  hint: "It may be too small for tools. Choose a model that can use tools by itself.",
  retryable: false,
} as const;
