import type { ModelEvent, Reply } from "../src/model.ts";

export interface Heard {
  readonly events: ModelEvent[];
  readonly reply: Reply;
}

/** One reply, to its end. `onEvent` is told of each event as it comes. */
export async function hear(
  stream: AsyncGenerator<ModelEvent, Reply>,
  onEvent: (event: ModelEvent) => void = () => {},
): Promise<Heard> {
  const events: ModelEvent[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return { events, reply: next.value };
    events.push(next.value);
    onEvent(next.value);
  }
}
