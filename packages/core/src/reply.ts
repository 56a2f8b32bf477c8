import { setTimeout as sleep } from "node:timers/promises";
import { ModelFailure } from "./errors.ts";
import type {
  CompleteReply,
  Delta,
  Model,
  ModelError,
  ModelEvent,
  ModelRequest,
  Provider,
  Reply,
  Watch,
} from "./model.ts";
import { givenUp, showDuration, waitBeforeRetry } from "./retry.ts";
import { quote } from "./text.ts";

const IDLE_MS = 300_000;

/** A provider's single attempts, made into a model: watched, retried, and with failures as values. */
export function modelOf(provider: Provider): Model {
  const { provider: providerName, name: model, contextWindow } = provider;
  return {
    provider: providerName,
    name: model,
    ...(contextWindow && { contextWindow }),
    async *stream(request, signal) {
      const reply = yield* askUntilAnswered(provider, request, signal);
      const { stop, usage, error } = reply;
      const costUsd = provider.costOf?.(usage);
      const end = { stop, usage, ...(costUsd !== undefined && { costUsd }), ...(error && { error }) };
      yield { type: "reply_end", provider: providerName, model, ...end };
      return { ...end, message: reply.message };
    },
  };
}

/**
 * Asks until there is a reply, or no point in asking again. Only the request for one reply is repeated. Tools run
 * after that reply, so nothing that has been done is ever done twice.
 */
async function* askUntilAnswered(
  provider: Provider,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, Reply> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    const reply = yield* askOnce(provider, request, signal);
    if (!reply.error) return reply;
    const waitMs = waitBeforeRetry(attempt, reply.error);
    if (waitMs === undefined) return { ...reply, error: givenUp(attempt, reply.error) };
    yield { type: "retry", attempt, waitMs, error: reply.error };
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
  return unfinished("aborted", { text_delta: "", reasoning_delta: "" });
}

/** One attempt. It leaves no request running: not when it fails, and not when its consumer walks away. */
async function* askOnce(
  provider: Provider,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<Delta, Reply> {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const heard: Heard = { text_delta: "", reasoning_delta: "" };
  try {
    return yield* watched(provider, request, controller, heard);
  } catch (error) {
    if (signal.aborted) return unfinished("aborted", heard);
    return { ...unfinished("error", heard), error: explain(provider, error) };
  } finally {
    signal.removeEventListener("abort", abort);
    controller.abort();
  }
}

/** What has arrived of a reply so far, by the kind of its events. */
type Heard = Record<Delta["type"], string>;

/** The adapter's deltas, ended at once by an abort or by silence, however long the SDK takes to notice. */
async function* watched(
  provider: Provider,
  request: ModelRequest,
  controller: AbortController,
  heard: Heard,
): AsyncGenerator<Delta, CompleteReply> {
  const { signal } = controller;
  const idleMs = provider.idleMs ?? IDLE_MS;
  let idle: NodeJS.Timeout | undefined;
  let interrupt: (reason: unknown) => void = () => {};
  signal.addEventListener("abort", () => interrupt(signal.reason), { once: true });

  const watch: Watch = { signal, alive: () => void idle?.refresh() };
  const deltas: AsyncIterator<Delta, CompleteReply> = provider.attempt(request, watch);
  const nextDelta = () =>
    new Promise<IteratorResult<Delta, CompleteReply>>((resolve, reject) => {
      interrupt = reject;
      idle = setTimeout(() => controller.abort(silence(provider, idleMs)), idleMs);
      deltas.next().then(resolve, reject);
    });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await nextDelta().finally(() => clearTimeout(idle));
      if (next.done) return next.value;
      heard[next.value.type] += next.value.text;
      yield next.value;
    }
  } finally {
    // We start the adapter's own cleanup and do not wait for it: it may be stuck in the very wait that was ended.
    deltas.return?.().catch(() => {});
  }
}

function unfinished(stop: "aborted" | "error", heard: Heard): Reply {
  const { text_delta: text, reasoning_delta: reasoning } = heard;
  const message = { role: "assistant", text, toolCalls: [], ...(reasoning && { reasoning }) } as const;
  return { message, stop, usage: {} };
}

function silence(provider: Provider, ms: number): ModelFailure {
  const message = `${labelOf(provider)} sent nothing for ${showDuration(ms)}.`;
  return new ModelFailure({ kind: "timeout", message, retryable: true });
}

function explain(provider: Provider, error: unknown): ModelError {
  if (error instanceof ModelFailure) return error.error;
  const known = provider.explain(error);
  if (known) return known;
  const words = quote(error instanceof Error ? error.message : String(error));
  return { kind: "bad_reply", message: `${labelOf(provider)} failed: ${words}`, retryable: false };
}

function labelOf({ label, provider }: Provider): string {
  return label ?? provider;
}
