/** A response as it came: its events with their times, what each brought, and the pauses between them. */
import { bytesOf, type Exchange } from "../../src/trace.ts";

/** A server-sent event, or a line of JSON. Its time is that of the piece that ends it. */
export interface StreamEvent {
  readonly t: number;
  /** The event's data. */
  readonly data: string;
}

export interface Pause {
  readonly from: number;
  readonly to: number;
}

export function eventsOf({ pieces }: Exchange): StreamEvent[] {
  const decoder = new TextDecoder();
  const events: StreamEvent[] = [];
  let rest = "";
  let data: string[] = [];
  const endEvent = (t: number) => {
    if (data.length > 0) events.push({ t, data: data.join("\n") });
    data = [];
  };
  for (const piece of pieces) {
    const lines = (
      rest + ("text" in piece ? piece.text : decoder.decode(bytesOf(piece), { stream: true }))
    ).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.map((each) => each.replace(/\r$/, ""))) {
      const [, sent] = /^data: ?(.*)$/.exec(line) ?? [];
      if (sent !== undefined) data.push(sent);
      else if (/^\s*[[{]/.test(line)) events.push({ t: piece.t, data: line });
      else if (line === "") endEvent(piece.t);
    }
  }
  const end = pieces.at(-1)?.t ?? 0;
  endEvent(end);
  const [, cut = rest] = /^data: ?(.*)$/.exec(rest) ?? [];
  if (cut.trim() !== "") events.push({ t: end, data: cut });
  return events;
}

/** Shorter ones are how networks are. In milliseconds. */
const SHORTEST_PAUSE = 250;

/** The times at which nothing came, from the first piece to the end. */
export function pausesOf({ pieces, end }: Exchange): Pause[] {
  const times = [...pieces.map(({ t }) => t), ...(end ? [end.t] : [])];
  return times
    .map((to, index) => ({ from: times[index - 1] ?? to, to }))
    .filter(({ from, to }) => to - from >= SHORTEST_PAUSE);
}
