import type { Message, ToolCall } from "../../conversation.ts";
import { cutOffCall } from "../arguments.ts";
import { callId, callIds } from "../call-id.ts";
import { ModelFailure } from "../errors.ts";
import type { ModelRequest } from "../model.ts";
import type { CompleteReply, Delta, Provider, Watch } from "../provider.ts";
import { type Offer, type Reading, readReply } from "./forms.ts";
import { holdBack } from "./hold-back.ts";
import { howToCall, inTextForm, TEXT_FORM } from "./prompt.ts";
import type { WrittenCall } from "./read-call.ts";

/** How many malformed calls in a row are answered with a correction, before the turn ends with an error. */
const MAX_CORRECTIONS = 3;

/**
 * A provider whose model need not know tools: the calls that it writes into its text are read as calls (forms.ts
 * says which). A model that refuses tools is told of them in words, in the same request and from then on; one that
 * takes them is sent them as ever, and only understood when it writes a call as text all the same.
 */
export function withTextForm(provider: Provider): Provider {
  let refusesTools = false;

  async function* ask(request: ModelRequest, watch: Watch): AsyncGenerator<Delta, CompleteReply> {
    const offer = await offerOf(request);
    const sent = refusesTools ? inTextForm(request, offer) : request;
    const hold = holdBack();
    const attempt = provider.attempt(sent, watch);
    for (;;) {
      const next = await attempt.next();
      if (!next.done) {
        const { type, text } = next.value;
        const shown = type === "text_delta" && offer.size > 0 ? hold.read(text) : text;
        if (shown !== "") yield { type, text: shown };
        continue;
      }
      const reply = understood(next.value, request, offer);
      const rest = hold.rest(reply.message.text.length);
      if (rest !== "") yield { type: "text_delta", text: rest };
      return reply;
    }
  }

  /** What a reply calls by its text. Of a model that was sent the tools themselves, only sound calls count. */
  function readingOf({ message, stop }: CompleteReply, offer: Offer): Reading {
    if (offer.size === 0 || message.toolCalls.length > 0 || stop === "refused") return { type: "text" };
    const reading = readReply(message.text, offer);
    const isSound =
      stop !== "length" && reading.type === "calls" && reading.calls.every(({ name }) => offer.has(name));
    return refusesTools || isSound ? reading : { type: "text" };
  }

  /** The same reply, or the one that calls the tools which its text calls. */
  function understood(reply: CompleteReply, request: ModelRequest, offer: Offer): CompleteReply {
    const reading = readingOf(reply, offer);
    if (reading.type === "text") return reply;
    const { text, reasoning } = reply.message;
    const isCut = reply.stop === "length";
    const toolCalls = callsOf(reading, text, request.conversation, offer);
    return {
      ...reply,
      message: {
        role: "assistant",
        text: reading.before,
        toolCalls: isCut ? toolCalls.map(cutOffCall) : toolCalls,
        ...(reasoning !== undefined && { reasoning }),
        ...(refusesTools && !isCut && { native: { provider: TEXT_FORM, model: provider.name, data: text } }),
      },
      stop: "tool_calls",
    };
  }

  return {
    ...provider,

    async *attempt(request, watch) {
      try {
        return yield* ask(request, watch);
      } catch (error) {
        const known = error instanceof ModelFailure ? error.error : provider.explain(error);
        if (refusesTools || known?.kind !== "no_tools") throw error;
        refusesTools = true;
        return yield* ask(request, watch);
      }
    },
  };
}

async function offerOf({ tools = [] }: ModelRequest): Promise<Offer> {
  return new Map(await Promise.all(tools.map(async (tool) => [tool.name, await tool.parameters()] as const)));
}

function callsOf(
  reading: Exclude<Reading, { type: "text" }>,
  text: string,
  conversation: readonly Message[],
  offer: Offer,
): ToolCall[] {
  const taken = callIds(conversation);
  if (reading.type === "calls") return reading.calls.map((call) => withId(call, taken));
  if (correctionsAtEnd(conversation) >= MAX_CORRECTIONS) throw new ModelFailure(HOPELESS);
  const invalid = `The call could not be read. ${reading.problem}\n${howToCall(offer)}`;
  const name = [...offer.keys()].find((each) => text.includes(each, reading.before.length)) ?? "tool";
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
