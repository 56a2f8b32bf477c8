import { styleText } from "node:util";

/** How text is painted: attributes and the eight base colours, which every theme keeps readable. */
export type Ink = readonly (
  | "bold"
  | "dim"
  | "italic"
  | "underline"
  | "strikethrough"
  | "red"
  | "green"
  | "yellow"
  | "cyan"
)[];

/** Text of one look. */
export interface Run {
  readonly text: string;
  readonly ink: Ink;
}

export const NEWLINE: Run = { text: "\n", ink: [] };

/** Turns runs into what a terminal is sent. */
export type Paint = (runs: readonly Run[]) => string;

/** Colours for one stream: none in a pipe, with NO_COLOR or on a dumb terminal. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (runs) =>
    joined(runs)
      .map(({ text, ink }) => (ink.length > 0 ? styleText([...ink], text, { stream }) : text))
      .join("");
}

/** Whether the stream shows any look at all. */
export function showsInk(paint: Paint): boolean {
  return paint([{ text: "x", ink: ["bold"] }]) !== "x";
}

/** Neighbours of one look become one run. */
function joined(runs: readonly Run[]): Run[] {
  const all: { text: string; ink: Ink }[] = [];
  for (const { text, ink } of runs) {
    const last = all.at(-1);
    if (last && last.ink.join() === ink.join()) last.text += text;
    else all.push({ text, ink });
  }
  return all;
}
