import {
  type CompleteReply,
  type ModelError,
  ModelFailure,
  type ModelRequest,
  type Provider,
} from "@eightfold/core";
import { callIdsAfter, hintOfLength, replyOf } from "../reply.ts";
import { LAST_THOUGHT, THOUGHTS } from "../wire-values.ts";
import { readCalls } from "./calls.ts";
import { MARK, type Offer } from "./markup.ts";

/**
 * A provider whose model need not know tools: calls in its text are read as calls (calls.ts says which). One that
 * refuses tools is told of them in words, in the same request and from then on; to one that takes them they are sent.
 */
export function withTextForm(provider: Provider): Provider {
  let refusesTools = false;

  return {
    ...provider,

    // One generator, because each costs every piece of text a few turns of the event loop.
    async *attempt(request, watch) {
      const { tools = [] } = request;
      const offer: Offer = new Map(tools.map(({ name, parameters }) => [name, parameters]));
      for (;;) {
        const inWords = refusesTools ? await import("./in-words.ts") : undefined;
        const attempt = provider.attempt(inWords?.requestInWords(request, offer) ?? request, watch);
        const shown = textBeforeCalls();
        try {
          for (let next = await attempt.next(); ; next = await attempt.next()) {
            if (next.done) {
              const reply = await withWrittenCalls(next.value, { provider, request, offer, inWords });
              const text = shown.rest(reply.message.text.length);
              if (text !== "") yield { type: "text_delta", text };
              return reply;
            }
            const { type } = next.value;
            const isHeld = type === "text_delta" && offer.size > 0;
            const text = isHeld ? shown.read(next.value.text) : next.value.text;
            if (text !== "") yield { type, text };
          }
        } catch (error) {
          const known = error instanceof ModelFailure ? error.error : provider.explain(error);
          if (known?.kind === "no_tools" && !inWords) refusesTools = true;
          else throw withLengthHint(known, request) ?? error;
        }
      }
    },
  };
}

function withLengthHint(known: ModelError | undefined, request: ModelRequest): ModelFailure | undefined {
  const isUnknown = known?.kind === "bad_request" && known.hint === undefined && known.status !== undefined;
  const hint = isUnknown ? hintOfLength(request) : undefined;
  return known && hint !== undefined ? new ModelFailure({ ...known, hint }) : undefined;
}

interface Asked {
  readonly provider: Provider;
  readonly request: ModelRequest;
  readonly offer: Offer;
  /** Loaded for a model that was told of its tools in words. */
  readonly inWords: typeof import("./in-words.ts") | undefined;
}

/**
 * The same reply, or the one that calls the tools which its text calls behind all thoughts. A reply that ends in a call
 * that cannot be read is not done: its model is told.
 * @throws ModelFailure after too many such calls in a row
 */
async function withWrittenCalls(
  reply: CompleteReply,
  { provider, request, offer, inWords }: Asked,
): Promise<CompleteReply> {
  const { reasoning = "", toolCalls } = reply.message;
  const text = reply.message.text.replace(LAST_THOUGHT, "");
  if (offer.size === 0 || toolCalls.length > 0 || reply.stop === "refused") return reply;
  const thoughts = THOUGHTS.exec(text)?.[0] ?? "";
  const reading = readCalls(text.slice(thoughts.length), offer);
  const isCut = reply.stop === "length";
  // What a model with tools only explains, or did not write to its end, is not a call.
  const isTalk = !inWords && (isCut || (reading.type === "malformed" && reading.isTalk));
  if (reading.type === "text" || isTalk) return reply;
  const before = `${thoughts}${reading.before}`.trimEnd();
  const { malformedCall, TEXT_FORM } = inWords ?? (await import("./in-words.ts"));
  const rest = text.slice(before.length) || text;
  const written =
    reading.type === "calls"
      ? reading.calls
      : [malformedCall(reading.problem, rest, request.conversation, offer, inWords !== undefined)];
  const idFor = callIdsAfter(request.conversation);
  const calls = written.map((call) => ({ id: idFor(), ...call }));
  const native = inWords && { provider: TEXT_FORM, model: provider.name, data: text };
  const end = isCut ? "length" : "done";
  return replyOf({ text: before, reasoning, calls, end, usage: reply.usage, native });
}

const START = /(?<=^[ \t]*)`{1,3}|(?<!`)[<[]|(?<=(?<![\s\S])\s*)[{[]/gm;
/** A mark, or a token with which DeepSeek or gpt-oss may begin one: nothing more is shown. */
const HELD = new RegExp(String.raw`^(?:${MARK}|<\|(?:DSML|start\||channel\|)|<[ |]\||<[｜‖])`);
/** What more text may make a mark. */
const OPEN = /^(?:<[\w:]*(?: n?a?m?e?)?|< ?\|?\w*|\[[\sA-Z_]*)$/;
const FENCES = ["```tool", "```json", "```"];

/** Lets a reply's text through as it comes, up to where a call may begin. */
export function textBeforeCalls() {
  let seen = "";
  let shown = 0;
  /** Nothing more can be told before the end. */
  let isHeld = false;
  /** Reads on in a fence: what came before is not read again with each piece. */
  let isStillOpen: ((more: string) => boolean) | undefined;

  return {
    /** Takes a piece of text, and gives what can be shown by now. */
    read(text: string): string {
      seen += text;
      if (isHeld || isStillOpen?.(text)) return "";
      isStillOpen = undefined;
      START.lastIndex = shown;
      let from = seen.length;
      for (let start = START.exec(seen); start; start = START.exec(seen)) {
        const state = canBegin(seen.slice(start.index));
        isHeld = state === "held";
        if (state === "text") continue;
        from = start.index;
        if (state === "open") isStillOpen = readFence(seen.slice(from));
        break;
      }
      const shows = seen.slice(shown, from);
      shown = from;
      return shows;
    },
    /** Gives what was held back, up to a length of the whole text. */
    rest: (length: number) => seen.slice(shown, length),
  };
}

/** "open": more text may show that it is not a call. */
function canBegin(tail: string): "text" | "open" | "held" {
  if (tail.startsWith("{") || /^\[\s*\{/.test(tail)) return "held";
  if (/^[<[]/.test(tail)) return HELD.test(tail) ? "held" : OPEN.test(tail) ? "open" : "text";
  const [line = ""] = tail.split("\n", 1);
  const fence = line.trimEnd();
  if (line === tail) return FENCES.some((each) => each.startsWith(fence)) ? "open" : "text";
  if (fence === "```tool") return "held";
  // All of a call, as long as it is one object with nothing behind its fence.
  const object = tail.slice(line.length + 1);
  const mayBeCall = /^\s*(?:\{|$)/.test(object) && !/\n[ \t]*```[ \t]*\n\s*\S/.test(object);
  return FENCES.includes(fence) && mayBeCall ? "open" : "text";
}

/** For a fence that holds an object so far: tells after each further piece whether it may still be all of a call. */
function readFence(text: string): ((more: string) => boolean) | undefined {
  if (!/^```(?:json)?[ \t]*\n\s*\{/.test(text)) return undefined;
  let line = "";
  let isClosed = false;
  const isStillOpen = (more: string) => {
    const [rest = "", ...lines] = more.split("\n");
    line += rest;
    for (const next of lines) {
      if (isClosed && line.trim() !== "") return false;
      isClosed ||= /^[ \t]*```[ \t]*$/.test(line);
      line = next;
    }
    return !(isClosed && line.trim() !== "");
  };
  isStillOpen(text.slice(text.indexOf("\n") + 1));
  return isStillOpen;
}
