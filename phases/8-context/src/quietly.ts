import type { ModelEvent, Reply } from "@eightfold/core";

/** A reply that is no answer to the user: of its events, only the retries and the end are passed on. */
export async function* quietly(stream: AsyncGenerator<ModelEvent, Reply>): AsyncGenerator<ModelEvent, Reply> {
  const events: AsyncIterator<ModelEvent, Reply> = stream;
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      if (next.value.type === "retry" || next.value.type === "reply_end") yield next.value;
    }
  } finally {
    await events.return?.(); // whoever no longer listens wants the request ended
  }
}
