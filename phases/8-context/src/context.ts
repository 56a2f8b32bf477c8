import type { Message } from "@eightfold/core/conversation";
import {
  contextWindow,
  type Model,
  type ModelEvent,
  type ModelRequest,
  type Reply,
} from "@eightfold/core/model";
import { summaryRequest } from "./summary.ts";
import { tokensOf, total, weigh } from "./tokens.ts";
import { clip, repeatedBefore, shown, type View, viewOf, wholeLog } from "./view.ts";

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

/** Kept in the session among the messages. `truncated`: left out without a summary, for none could be had. */
export interface ContextChange {
  readonly type: "cleared" | "compacted" | "truncated";
  readonly view: View;
}

export type ContextEvent =
  | { readonly type: "compact_start" }
  | { readonly type: "context_change"; readonly change: ContextChange };

type Events<Returned> = AsyncGenerator<ModelEvent | ContextEvent, Returned>;

/** The tokens that a request may take. The rest of the window is for the reply, and for what an estimate misses. */
export const budgetOf = (window: number) => window - Math.min(window / 8, 16_384);

/**
 * Asks for one reply inside the model's window. Room is made first when the request would not fit, and once more when
 * the provider finds it too long all the same.
 */
export async function* askInWindow(
  context: Context,
  request: LogRequest,
  signal: AbortSignal,
): Events<Reply> {
  const window = await contextWindow(request.model, signal);
  narrow(context, window);
  const tokens = await tokensNow(context, request);
  if (tokens > budgetOf(window)) yield* makeRoom(context, request, window, tokens, signal);

  const refusals: (ModelEvent | ContextEvent)[] = [];
  const reply = yield* only(
    ask(context, request, signal),
    (event) => !isTooLong(event) || !refusals.push(event),
  );
  if (refusals.length === 0) return reply;
  // The window must be smaller than what was sent.
  const made = yield* makeRoom(context, request, Math.min(window, tokens), Number.POSITIVE_INFINITY, signal);
  if (made) return yield* ask(context, request, signal);
  yield* refusals;
  return reply;
}

async function* ask(context: Context, request: LogRequest, signal: AbortSignal): Events<Reply> {
  const { view } = context;
  const { model, conversation: log } = request;
  const reply = yield* model.stream({ ...request, conversation: viewOf(log, view) }, signal);
  const { input, output = 0 } = reply.usage;
  if (input) context.reported = { tokens: input + output, model, view, upTo: log.length + 1 };
  return reply;
}

/** The provider's last count and an estimate of what came since. A count of another view says nothing of this one. */
export async function tokensNow({ view, reported }: Context, request: LogRequest): Promise<number> {
  if (reported?.view !== view || reported.model !== request.model) return total(await weigh(request, view));
  return reported.tokens + tokensOf(shown(request.conversation, view, reported.upTo));
}

/** Results take an eighth of the window at most, in characters: of a smaller window that is less. */
function narrow(context: Context, window: number): void {
  const resultRoom = Math.min(context.view.resultRoom, Math.floor(window / 2));
  if (resultRoom < context.view.resultRoom) context.view = { ...context.view, resultRoom };
}

/** Brings a request of so many tokens down to half of its budget, so that the next time is far. False: it could not. */
async function* makeRoom(
  context: Context,
  request: LogRequest,
  window: number,
  tokens: number,
  signal: AbortSignal,
): Events<boolean> {
  narrow(context, window);
  const { view } = context;
  const { conversation: log } = request;
  const budget = budgetOf(window);
  const excess = tokens - budget / 2;
  const cleared = clearOld(log, view, excess, budget / 4);
  if (gain(log, view, cleared) >= excess) return yield* change(context, { type: "cleared", view: cleared });
  if (isDue(log, view, window) && (yield* compact(context, request, signal, budget / 4))) return true;
  const bare = clearOld(log, view, excess, 0);
  return gain(log, view, bare) >= budget / 8 && (yield* change(context, { type: "cleared", view: bare }));
}

function* change(context: Context, change: ContextChange): Generator<ContextEvent, true> {
  context.view = change.view;
  yield { type: "context_change", change };
  return true;
}

/** How many tokens lighter the log is in another view. */
function gain(log: readonly Message[], from: View, to: View): number {
  return tokensOf(viewOf(log, from)) - tokensOf(viewOf(log, to));
}

/** Clears results that come again, and then the oldest, as many as it takes; none in the last `tail` tokens. */
function clearOld(log: readonly Message[], view: View, excess: number, tail: number): View {
  const to = tailStart(log, view, tail);
  let next: View = { ...view, repeated: repeatedBefore(log, to) };
  let left = excess - gain(log, view, next);
  for (let at = Math.max(view.clearedBefore, view.keptFrom); at < to && left > 0; at++) {
    const before = tokensOf(shown(log, next, at, at + 1));
    next = { ...next, clearedBefore: at + 1 };
    left -= before - tokensOf(shown(log, next, at, at + 1));
  }
  return next;
}

/** Where the last `tail` tokens begin: at a request or a reply, and before the last of them in any case. */
function tailStart(log: readonly Message[], view: View, tail: number): number {
  let start = log.length;
  let tokens = 0;
  for (let at = log.length - 1; at >= view.keptFrom; at--) {
    tokens += tokensOf(shown(log, view, at, at + 1));
    if (tokens > tail && start < log.length) break;
    if (log[at]?.role !== "tool") start = at;
  }
  return start;
}

/** After a compaction, half a window of new work has to come before the next: it must never run in circles. */
function isDue(log: readonly Message[], view: View, window: number): boolean {
  const work = shown(log, { ...wholeLog, resultRoom: view.resultRoom }, view.compactedAt);
  return view.summary === undefined || tokensOf(work) >= window / 2;
}

/** Leaving out less is not worth a request. In tokens. */
const LEAST = 200;

const LEFT_OUT = "[Here messages were left out without a summary: none could be had.]";

/**
 * Leaves out the beginning of the log, up to the last `tail` tokens, and has the model write what stands for it. False
 * when there was too little to leave out, or when the model could not be asked just now.
 */
export async function* compact(
  context: Context,
  request: LogRequest,
  signal: AbortSignal,
  tail = 0,
): Events<boolean> {
  const { model, conversation: log, memory } = request;
  narrow(context, await contextWindow(model, signal));
  const { view } = context;
  const keptFrom = tailStart(log, view, tail);
  const bare = { ...view, repeated: [], keptFrom, compactedAt: log.length, summary: "", memory };
  if (gain(log, view, bare) < LEAST) return false;

  yield { type: "compact_start" };
  const old = shown(log, view, view.keptFrom, keptFrom);
  const written = model.stream(summaryRequest(view.summary, old, 3 * view.resultRoom), signal);
  const reply = yield* only(written, (event) => !event.type.endsWith("_delta") && !isTooLong(event));
  if (isPassing(reply)) return false;
  const text = reply.stop === "refused" ? "" : clip(reply.message.text.trim(), view.resultRoom);
  const earlier = view.summary?.replace(LEFT_OUT, "") ?? "";
  const changes: ContextChange[] = [
    { type: "compacted", view: { ...bare, summary: text } },
    { type: "truncated", view: { ...bare, summary: `${earlier.trim()}\n\n${LEFT_OUT}` } },
  ];
  const made = changes.find(({ view: next }) => next.summary !== "" && gain(log, view, next) > 0);
  return made !== undefined && (yield* change(context, made));
}

/** No summary, for a reason that has to do with the moment and not with the text. The next request will tell it. */
function isPassing({ stop, error }: Reply): boolean {
  const aboutText = ["context_too_long", "blocked", "bad_request", "bad_reply"];
  return stop === "aborted" || (error !== undefined && !aboutText.includes(error.kind));
}

const isTooLong = (event: ModelEvent | ContextEvent) =>
  event.type === "reply_end" && event.error?.kind === "context_too_long";

/** Passes on the events that are wanted, and returns what their source returns. */
async function* only<Event, Returned>(
  source: AsyncGenerator<Event, Returned>,
  isWanted: (event: Event) => boolean,
): AsyncGenerator<Event, Returned> {
  const events: AsyncIterator<Event, Returned> = source;
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      if (isWanted(next.value)) yield next.value;
    }
  } finally {
    await events.return?.(); // a request that nobody listens to is ended
  }
}
