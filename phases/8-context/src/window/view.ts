import { clip, type Message } from "@eightfold/core";
import { type Shrinking, shrunk } from "./shrink.ts";

/**
 * How a request shows the log, which itself keeps everything and is never edited. A view is replaced as a whole, and
 * seldom: while it stays, each request begins with the bytes of the one before. Positions count messages of the log.
 */
export interface View extends Shrinking {
  /** Messages before this position are left out, except for two requests: see `viewOf`. */
  readonly keptFrom: number;
  /** What stands for them: a summary, and the working memory as it was then. */
  readonly summary: string;
  readonly memory: string;
}

export const wholeLog: View = {
  resultRoom: Number.MAX_SAFE_INTEGER,
  comparedTo: 0,
  clearedTo: 0,
  keptFrom: 0,
  summary: "",
  memory: "",
};

/**
 * What a request carries: the log; or, when its beginning is left out, the first request, the summary, the request
 * that the kept part works on, and the kept part. The two requests are clipped as results are: either may have been as
 * long as the window.
 */
export function viewOf(log: readonly Message[], view: View): Message[] {
  if (view.keptFrom === 0) return shrunk(log, view);
  const isRequest = ({ role }: Message) => role === "user";
  const clipped = (message: Message) => ({ ...message, text: clip(message.text, view.resultRoom) });
  const first = log.findIndex((each, at) => isRequest(each) && log[at + 1]?.role !== "user"); // behind its notes
  let start = view.keptFrom;
  while (log[start]?.role === "tool") start++; // only a log that has lost a line is cut before a result
  const current = log.slice(0, start + 1).findLastIndex(isRequest);
  return [
    ...log.slice(first, first + 1).map(clipped),
    ...standIn(view),
    ...(first < current && current < start ? log.slice(current, current + 1).map(clipped) : []),
    ...shrunk(log, view).slice(start),
  ];
}

/** What stands for the messages that are left out: as words of the user's, for every provider takes those anywhere. */
export function standIn({ keptFrom, summary, memory }: View): Message[] {
  const text = `What followed is left out to save room. This stands for it.\n${tagged("summary", summary)}${tagged("memory", memory)}`;
  return keptFrom === 0 ? [] : [{ role: "user", text }];
}

export const tagged = (tag: string, text: string) => text && `<${tag}>\n${text}\n</${tag}>\n`;
