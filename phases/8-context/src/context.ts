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
import { quietly } from "./quietly.ts";
import { shrink, tailStart } from "./room.ts";
import { shown } from "./shown.ts";
import { summaryRequest } from "./summary.ts";
import { standIn, type View, viewOf, wholeLog } from "./view.ts";

/** How a conversation lies in the window. A new one has the view `wholeLog`, a resumed one that of its last change. */
export interface Context {
  view: View;
  /** What the provider counted last: of which model, under which view, up to which message of the log. */
  reported?: { readonly tokens: number; readonly model: Model; readonly view: View; readonly upTo: number };
}

/** A request that brings the whole log. What is sent of it is a view. */
export interface LogRequest extends ModelRequest {
  readonly model: Model;
  /** The working memory, in words. It goes beside a summary. */
  readonly memory: string;
}

/** A word to the user; with a view, which the session must keep, on what requests show from now on. */
export interface ContextEvent {
  readonly type: "notice";
  readonly text: string;
  readonly view?: View;
}

type Flow<Returned> = AsyncGenerator<ModelEvent | ContextEvent, Returned>;

/** The tokens that a request may take. The rest of the window is for the reply, and for what an estimate misses. */
const budgetOf = (window: number) => window - Math.min(window / 8, 16_384);

/**
 * Asks for one reply inside the model's window. Room is made first when the request would not fit, and then once more
 * when the provider finds it too long all the same.
 */
export async function* askInWindow(context: Context, request: LogRequest, signal: AbortSignal): Flow<Reply> {
  const { window, tokens } = await measure(context, request, signal);
  if (tokens > budgetOf(window)) yield* makeRoom(context, request, signal, { window, tokens });
  const reply = yield* ask(context, request, signal);
  if (reply.error?.kind !== "context_too_long") return reply;
  // The window is smaller than it was said to be, and than what was sent.
  const tooLong = { window: Math.min(window, tokens), tokens: Number.POSITIVE_INFINITY };
  return (yield* makeRoom(context, request, signal, tooLong)) ? yield* ask(context, request, signal) : reply;
}

async function* ask(context: Context, request: LogRequest, signal: AbortSignal): Flow<Reply> {
  const { view } = context;
  const { model, conversation: log } = request;
  const reply = yield* model.stream({ ...request, conversation: viewOf(log, view) }, signal);
  const { input, output = 0 } = reply.usage;
  if (input) context.reported = { tokens: input + output, model, view, upTo: log.length + 1 };
  return reply;
}

/** How a request lies in the window, in tokens: estimated by part, and as the provider counted it last. */
export async function measure(context: Context, request: LogRequest, signal = AbortSignal.timeout(10_000)) {
  const { model, conversation: log } = request;
  const window = await contextWindow(model, signal);
  narrow(context, window);
  const { view, reported } = context;
  const { history, ...others } = await requestTokens({ ...request, conversation: viewOf(log, view) });
  const summary = messageTokens(standIn(view));
  const parts = { ...others, history: history - summary, summary };
  if (reported?.view !== view || reported.model !== model) {
    return { window, parts, tokens: Object.values(parts).reduce((sum, part) => sum + part) };
  }
  const since = messageTokens(shown(log, view).slice(reported.upTo));
  return { window, parts, tokens: reported.tokens + since, reported: reported.tokens };
}

/** The results of one reply take an eighth of the window at most, in characters. A smaller window gives less. */
function narrow(context: Context, window: number): void {
  const resultRoom = Math.floor(window / 2);
  if (context.view.resultRoom > resultRoom) context.view = { ...context.view, resultRoom };
}

/**
 * Brings a request down to half of its budget, so that the next time is far: old results are cleared; where that
 * is not enough, the beginning is left out; and where that cannot be, clearing has to do. False when nothing helps.
 */
async function* makeRoom(
  context: Context,
  request: LogRequest,
  signal: AbortSignal,
  { window, tokens }: { window: number; tokens: number },
): Flow<boolean> {
  narrow(context, window);
  const { view } = context;
  const { conversation: log } = request;
  const budget = budgetOf(window);
  const excess = tokens - budget / 2;
  const cleared = shrink(log, view, { from: view.keptFrom, end: tail(log, view), tokens: excess });
  const saved = gain(log, view, cleared);
  // The kept part was a fifth. Half a window of new work comes before the next compaction: never in circles.
  const work = shown(log, { ...wholeLog, resultRoom: view.resultRoom }).slice(view.keptFrom);
  const isDue = view.keptFrom === 0 || messageTokens(work) >= window * 0.7;
  if (saved < excess && isDue && (yield* compact(context, request, signal))) return true;
  return (
    saved >= budget / 8 &&
    (yield* change(context, cleared, "Old results are left out from here on, to save room."))
  );
}

function* change(context: Context, view: View, text: string): Generator<ContextEvent, true> {
  context.view = view;
  yield { type: "notice", text, view };
  return true;
}

/** How many tokens lighter the log is in another view. */
function gain(log: readonly Message[], from: View, to: View): number {
  return messageTokens(viewOf(log, from)) - messageTokens(viewOf(log, to));
}

/** The last fifth is never touched: of what is shown, or of the window where that is less. */
const tail = (log: readonly Message[], view: View) =>
  tailStart(log, view, view.keptFrom, Math.min(messageTokens(viewOf(log, view)), 2 * view.resultRoom) / 5);

/**
 * Leaves out the log up to its last fifth, and has the model write what stands for it. False when that is too little
 * to be worth it, and when the model cannot be asked just now.
 */
export async function* compact(context: Context, request: LogRequest, signal: AbortSignal): Flow<boolean> {
  const { model, conversation: log, memory } = request;
  narrow(context, await contextWindow(model, signal));
  const { view } = context;
  const keptFrom = tail(log, view);
  const bare = { ...view, keptFrom, summary: "", memory };
  if (keptFrom === view.keptFrom || gain(log, view, bare) < 200) return false;

  yield { type: "notice", text: "The model writes a summary of what was said." };
  const dropped = shown(log, view).slice(view.keptFrom, keptFrom);
  const question = summaryRequest(view.summary, dropped, 3 * view.resultRoom);
  const { message, stop, error } = yield* quietly(model.stream(question, signal));
  // Other failures have to do with the moment, and the request that follows tells of them.
  const isAboutText = ["context_too_long", "blocked", "bad_request", "bad_reply"].includes(error?.kind ?? "");
  if (stop === "aborted" || (error && !isAboutText)) return false;
  const summary = stop === "refused" ? "" : clip(message.text.trim(), view.resultRoom);
  if (summary !== "" && gain(log, view, { ...bare, summary }) > 0) {
    return yield* change(context, { ...bare, summary }, "A summary stands for the conversation up to here.");
  }
  const lost = "Messages were left out without a summary: none could be had.";
  return yield* change(context, { ...bare, summary: `${view.summary}\n[${lost}]`.trim() }, lost);
}
