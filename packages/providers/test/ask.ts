import {
  type CompleteReply,
  type Delta,
  type ModelError,
  ModelFailure,
  type ModelRequest,
  type Provider,
} from "@eightfold/core";

export interface Asked {
  readonly deltas: Delta[];
  readonly reply?: CompleteReply;
  readonly error?: ModelError;
  /** What was thrown that nobody knows. */
  readonly thrown?: unknown;
}

/** One attempt, to its end. */
export async function ask(
  provider: Provider,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Asked> {
  const deltas: Delta[] = [];
  try {
    const attempt = provider.attempt(request, { signal, alive() {} });
    for (;;) {
      const next = await attempt.next();
      if (next.done) return { deltas, reply: next.value };
      deltas.push(next.value);
    }
  } catch (thrown) {
    const error = thrown instanceof ModelFailure ? thrown.error : provider.explain(thrown);
    return { deltas, ...(error ? { error } : { thrown }) };
  }
}
