import type { Message, ToolResult } from "@eightfold/core/conversation";

/**
 * How a request shows the log, which itself keeps everything and is never edited. A view is replaced as a whole, and
 * seldom: while it stays, each request begins with the bytes of the one before. Positions count messages of the log.
 */
export interface View {
  /** How many characters the results of one reply may take together. */
  readonly resultRoom: number;
  /** Results before this position are noted where a later one, also before it, has the same text. */
  readonly comparedTo: number;
  /** Results before this position are cleared. */
  readonly clearedTo: number;
  /** Messages before this position are left out, but for two requests: see `viewOf`. */
  readonly keptFrom: number;
  /** How long the log was when they were. */
  readonly compactedAt: number;
  /** What stands for them; and the working memory, as it was then. */
  readonly summary?: string;
  readonly memory?: string;
}

export const wholeLog: View = {
  resultRoom: Number.POSITIVE_INFINITY,
  comparedTo: 0,
  clearedTo: 0,
  keptFrom: 0,
  compactedAt: 0,
};

/**
 * What a request carries: the log; or, when its beginning is left out, the first request, the summary, the request
 * that the kept part works on, and the kept part.
 */
export function viewOf(log: readonly Message[], view: View): Message[] {
  if (view.summary === undefined) return shown(log, view);
  const isRequest = ({ role }: Message) => role === "user";
  const first = log.findIndex(isRequest);
  let start = view.keptFrom;
  while (log[start]?.role === "tool") start++; // only a log that has lost a line is cut before a result
  const current = log.slice(0, start + 1).findLastIndex(isRequest);
  return [
    ...log.slice(first, first + 1),
    summaryMessage(view),
    ...(first < current && current < start ? log.slice(current, current + 1) : []),
    ...shown(log, view, start),
  ];
}

/** The summary goes as words of the user's, which every provider takes at any place. */
export function summaryMessage({ summary = "", memory = "" }: View): Message {
  const parts = [tagged("summary", summary), memory && tagged("memory", memory)];
  return {
    role: "user",
    text: `[What followed is left out to save room. This stands for it.]\n${parts.join("\n")}`,
  };
}

export const tagged = (tag: string, text: string) => `<${tag}>\n${text}\n</${tag}>`;

/** Messages of the log as the view shows them. Replies stay as they are: providers want back what they sent. */
export function shown(log: readonly Message[], view: View, from = 0, to = log.length): Message[] {
  return log.slice(from, to).map((message, index) => {
    return message.role === "tool" ? shownResult(message, from + index, log, view) : message;
  });
}

/** A result that is shorter is not worth a note. In characters. */
const SHORT = 200;

function shownResult(result: ToolResult, at: number, log: readonly Message[], view: View): ToolResult {
  const { text } = result;
  if (text.length <= SHORT) return result;
  if (at < view.clearedTo) return noted(result, "cleared to save room; call it again if needed");
  const isRepeated = log
    .slice(at + 1, view.comparedTo)
    .some((later) => later.role === "tool" && later.text === text);
  if (isRepeated) return noted(result, "a later result has the same text");
  return { ...result, text: clip(text, Math.max(SHORT, view.resultRoom / callsBefore(log, at))) };
}

function noted(result: ToolResult, why: string): ToolResult {
  return { ...result, text: `[${result.name}, ${clip(result.summary, 80)}: ${why}.]` };
}

/** How many calls the reply made to which this result belongs: they share the room. */
function callsBefore(log: readonly Message[], at: number): number {
  let asked = at;
  while (log[asked]?.role === "tool") asked--;
  const reply = log[asked];
  return reply?.role === "assistant" ? Math.max(1, reply.toolCalls.length) : 1;
}

/** The head and the tail of a text that is longer than `limit` characters: what matters comes first or last. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const left = text.length - 2 * half;
  return `${text.slice(0, half)}\n[… ${left} characters left out …]\n${text.slice(-half)}`.toWellFormed();
}
