import { openProse } from "../prose.ts";
import { type Ink, paintFor } from "./ink.ts";
import { type Markdown, openMarkdown } from "./markdown.ts";

export interface ProseView {
  /** Where it is shown: rendered on a terminal; elsewhere the Markdown stays as it was written. */
  readonly stream: NodeJS.WriteStream;
  put(text: string): void;
  columns(): number;
  readonly ink?: Ink;
  /** Stands before the first word. */
  readonly label?: string;
}

/** Opens one stretch of Markdown. */
export function openProseView({ stream, put, columns, ink = [], label = "" }: ProseView): Markdown {
  const paint = paintFor(stream);
  if (!stream.isTTY) return { ...openProse({ put, paint: (text) => text, label }), moved() {} };
  const markdown = openMarkdown({ put, paint, columns, ink });
  if (label !== "") markdown.write(label);
  return markdown;
}
