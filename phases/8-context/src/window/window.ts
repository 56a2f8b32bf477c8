import {
  clip,
  type Message,
  type Model,
  type ModelEvent,
  type ModelRequest,
  messageTokens,
  type Reply,
  requestTokens,
} from "@eightfold/core";
import { contextWindow } from "@eightfold/providers";
import { inLane, record } from "@eightfold/trace";
import { shrinkBy, shrunk, tailStart } from "./shrink.ts";
import { summaryRequest, withoutText } from "./summary.ts";
import { standIn, type View, viewOf } from "./view.ts";

/** How a conversation lies in the model's window. What is shown of it is the session's to say. */
export interface Window {
  readonly session: ViewOwner;
  /** What the provider counted last: of which model, in which window, under which view, up to which message. */
  reported?: {
    readonly tokens: number;
    readonly model: Model;
    readonly size: number;
    readonly view: View;
    readonly upTo: number;
  };
  /** How long a request was that the provider took only when less was sent: the model's window is smaller than this. */
  tooLong?: { readonly tokens: number; readonly model: Model };
}

/** Of a session: the view, and how it is changed. */
interface ViewOwner {
  readonly view: View;
  append(record: { type: "view"; view: View }): void;
}

/** A request that brings the whole log. What is sent of it is a view. */
export interface LogRequest extends ModelRequest {
  readonly model: Model;
  /** The working memory, in words. It goes beside a summary. */
  readonly memory: string;
}

/** A word to the user on what requests show from now on. */
export type WindowEvent = { readonly type: "notice"; readonly text: string };

type Events<Returned> = AsyncGenerator<ModelEvent | WindowEvent, Returned>;

/** The results of one reply take an eighth of the window at most, in characters: a smaller window gives less. */
function viewIn(size: number, view: View): View {
  return { ...view, resultRoom: Math.min(view.resultRoom, Math.floor(size / 2)) };
}

/** How a request lies in the window, in tokens: estimated by part, and as the provider counted it last. */
export async function measure(window: Window, request: LogRequest, signal = AbortSignal.timeout(10_000)) {
  const { model, conversation: log } = request;
  const told = await contextWindow(model, signal);
  const size = window.tooLong?.model === model ? Math.min(told, window.tooLong.tokens) : told;
  const view = viewIn(size, window.session.view);
  const { history, ...others } = requestTokens({ ...request, conversation: viewOf(log, view) });
  const summary = messageTokens(standIn(view));
  const parts = { ...others, history: history - summary, summary };
  const { reported } = window;
  if (reported?.view !== window.session.view || reported.model !== model || reported.size !== size) {
    return { size, parts, tokens: Object.values(parts).reduce((sum, part) => sum + part) };
  }
  const since = messageTokens(shrunk(log, view).slice(reported.upTo));
  return { size, parts, tokens: reported.tokens + since, reported: reported.tokens };
}

/** The part of the window that the last request and its answer took, as the provider counted them. */
export const windowFill = ({ reported }: Window) => reported && reported.tokens / reported.size;

async function* ask(window: Window, request: LogRequest, signal: AbortSignal, size: number): Events<Reply> {
  const { view } = window.session;
  const { model, conversation: log } = request;
  const reply = yield* model.stream({ ...request, conversation: viewOf(log, viewIn(size, view)) }, signal);
  const { input, output = 0 } = reply.usage;
  if (input) window.reported = { tokens: input + output, model, size, view, upTo: log.length + 1 };
  return reply;
}

/** The tokens that a request may take. The rest of the window is for the reply, and for what an estimate misses. */
const requestLimit = (size: number) => size - Math.min(size / 8, 16_384);

/**
 * Asks for one reply inside the model's window. Room is made first when the request would not fit, and then once more
 * when the provider finds it too long all the same.
 */
export async function* askInWindow(window: Window, request: LogRequest, signal: AbortSignal): Events<Reply> {
  const { size, tokens, parts } = await measure(window, request, signal);
  record({ type: "window", size, limit: requestLimit(size), tokens, parts });
  if (tokens > requestLimit(size)) yield* makeRoom(window, request, signal, { size, tokens });
  const reply = yield* ask(window, request, signal, size);
  if (reply.error?.kind !== "context_too_long") return reply;
  // The window is smaller than it was said to be, and than what was sent.
  const tooLong = { size: Math.min(size, tokens), tokens: Number.POSITIVE_INFINITY };
  if (!(yield* makeRoom(window, request, signal, tooLong))) return reply;
  const second = yield* ask(window, request, signal, size);
  if (!second.error) window.tooLong = { tokens, model: request.model };
  return second;
}

/**
 * Brings a request down to half of its limit, so that the next time is far: old results are cleared; where that
 * is not enough, the beginning is left out; and where that cannot be, clearing has to do. False when nothing helps.
 */
async function* makeRoom(
  window: Window,
  request: LogRequest,
  signal: AbortSignal,
  { size, tokens }: { size: number; tokens: number },
): Events<boolean> {
  const view = viewIn(size, window.session.view);
  const { conversation: log } = request;
  const limit = requestLimit(size);
  const excess = tokens - limit / 2;
  const cleared = shrinkBy(excess, log, view, { from: view.keptFrom, end: keptPart(log, view) });
  const saved = gain(log, view, cleared);
  // So much has then come since the last compaction: never in circles.
  const least = messageTokens(viewOf(log, view)) / 4;
  if (saved < excess && (yield* compact(window, request, signal, { size, least }))) return true;
  return (
    saved >= limit / 8 &&
    (yield* change(window, cleared, "Old results are left out from here on, to save room."))
  );
}

function* change({ session }: Window, view: View, text: string): Generator<WindowEvent, true> {
  session.append({ type: "view", view });
  record({ type: "view", view });
  yield { type: "notice", text };
  return true;
}

/** How many tokens lighter the log is in another view. */
function gain(log: readonly Message[], from: View, to: View): number {
  return messageTokens(viewOf(log, from)) - messageTokens(viewOf(log, to));
}

/** Where the last fifth begins, which is never touched: of what is shown, or of the window where that is less. */
const keptPart = (log: readonly Message[], view: View) =>
  tailStart(log, view, view.keptFrom, Math.min(messageTokens(viewOf(log, view)), 2 * view.resultRoom) / 5);

/** Tells of a request that no window of this size can take, whatever else is left out. False for one that fits. */
export async function* refuseTooLong(
  text: string,
  request: LogRequest,
  signal: AbortSignal,
): Events<boolean> {
  const { model } = request;
  const size = await contextWindow(model, signal);
  const alone = requestTokens({ ...request, conversation: [{ role: "user", text }] });
  const tokens = Object.values(alone).reduce((sum, part) => sum + part);
  if (tokens <= requestLimit(size)) return false;
  const [wanted, room] = [tokens, requestLimit(size)].map((count) => Math.round(count).toLocaleString("en"));
  const message = `The request was not sent: with the system prompt and the tools it takes about ${wanted} tokens, and the model's window (EIGHTFOLD_CONTEXT) has room for ${room}.`;
  const hint =
    "Save a long text as a file in the workspace and ask about that, or choose a model with a larger window.";
  const error = { kind: "context_too_long", message, hint, retryable: false } as const;
  const nothing = { usage: { input: 0, output: 0 }, costUsd: 0 };
  yield { type: "reply_end", provider: model.provider, model: model.name, stop: "error", ...nothing, error };
  return true;
}

/** A summary is not worth its price for less. In tokens. */
const LEAST_GAIN = 200;

/**
 * Leaves out the log up to its last fifth, and has the model write what stands for it. False when that is too little
 * to be worth it, and when the model cannot be asked just now.
 * @param least the tokens to save at least
 * @param wish the user's, for the summary
 */
export async function* compact(
  window: Window,
  request: LogRequest,
  signal: AbortSignal,
  { size, least = LEAST_GAIN, wish = "" }: { size?: number; least?: number; wish?: string } = {},
): Events<boolean> {
  const { model, conversation: log, memory } = request;
  const view = viewIn(size ?? (await contextWindow(model, signal)), window.session.view);
  const keptFrom = keptPart(log, view);
  const bare = { ...view, keptFrom, summary: "", memory };
  if (keptFrom === view.keptFrom || gain(log, view, bare) < least) return false;

  yield { type: "notice", text: "The model writes a summary of what was said." };
  const dropped = shrunk(log, view).slice(view.keptFrom, keptFrom);
  const question = summaryRequest(view.summary, dropped, 3 * view.resultRoom, wish);
  const { message, stop, error } = yield* withoutText(inLane("summary", model.stream(question, signal)));
  // Other failures have to do with the moment, and the request that follows tells of them.
  const isAboutText = ["context_too_long", "blocked", "bad_request", "bad_reply"].includes(error?.kind ?? "");
  if (stop === "aborted" || (error && !isAboutText)) return false;
  const summary = stop === "refused" ? "" : clip(message.text.trim(), view.resultRoom);
  if (summary !== "" && gain(log, view, { ...bare, summary }) > 0) {
    return yield* change(window, { ...bare, summary }, "A summary stands for the conversation up to here.");
  }
  const lost = "Messages were left out without a summary: none could be had.";
  return yield* change(window, { ...bare, summary: `${view.summary}\n[${lost}]`.trim() }, lost);
}
