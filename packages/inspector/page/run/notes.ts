/** What an agent did between two requests, in a sentence. */
import type { Note } from "./run.ts";
import { duration } from "./words.ts";

export function noteText(line: Note["line"]): string {
  switch (line.type) {
    case "notice":
      return line.text;
    case "model":
      return `From here on, ${line.model} answers.`;
    case "retry":
      return `Asked again after ${duration(line.waitMs)}. ${line.error.message}`;
  }
}
