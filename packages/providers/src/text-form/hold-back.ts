/** Lets a reply's text through as it comes, up to where a call may begin. */
export interface HoldBack {
  /** Takes a piece of text, and gives what can be shown by now. */
  read(text: string): string;
  /** Gives what was held back, up to a length of the whole text. */
  rest(length: number): string;
}

const START = /(?<=^[ \t]*)`{1,3}|(?<!`)<|(?<=(?<![\s\S])\s*)\{/gm;
const MARKS = ['<tool name="', "<tool_call>"];
const FENCES = ["```tool", "```json", "```"];

export function holdBack(): HoldBack {
  let seen = "";
  let shown = 0;
  /** Nothing more can be told before the end. */
  let isHeld = false;
  /** Reads on in a fence: what came before is not read again with each piece. */
  let isStillOpen: ((more: string) => boolean) | undefined;

  return {
    read(text) {
      seen += text;
      if (isHeld || isStillOpen?.(text)) return "";
      isStillOpen = undefined;
      START.lastIndex = shown;
      let from = seen.length;
      for (let start = START.exec(seen); start; start = START.exec(seen)) {
        const fate = fateOf(seen.slice(start.index));
        isHeld = fate === "held";
        if (fate === "text") continue;
        from = start.index;
        if (fate === "open") isStillOpen = readFence(seen.slice(from));
        break;
      }
      const shows = seen.slice(shown, from);
      shown = from;
      return shows;
    },
    rest: (length) => seen.slice(shown, length),
  };
}

/** "open": another piece of text may show that it is no call. */
function fateOf(tail: string): "text" | "open" | "held" {
  if (tail.startsWith("{")) return "held";
  if (tail.startsWith("<")) {
    if (MARKS.some((mark) => tail.startsWith(mark))) return "held";
    return MARKS.some((mark) => mark.startsWith(tail)) ? "open" : "text";
  }
  const [line = "", ...body] = tail.split("\n");
  if (body.length === 0) return FENCES.some((fence) => fence.startsWith(line.trimEnd())) ? "open" : "text";
  if (line.trimEnd() === "```tool") return "held";
  return FENCES.includes(line.trimEnd()) && mayBeObject(body.join("\n")) ? "open" : "text";
}

/** For a fence that holds an object so far: tells after each further piece whether it may still be all of a call. */
function readFence(text: string): ((more: string) => boolean) | undefined {
  if (!/^```(?:json)?[ \t]*\n\s*\{/.test(text)) return undefined;
  let line = "";
  let isClosed = false;
  const isStillOpen = (more: string) => {
    const [rest = "", ...lines] = more.split("\n");
    line += rest;
    for (const next of lines) {
      if (isClosed && line.trim() !== "") return false;
      isClosed ||= /^[ \t]*```[ \t]*$/.test(line);
      line = next;
    }
    return !(isClosed && line.trim() !== "");
  };
  isStillOpen(text.slice(text.indexOf("\n") + 1));
  return isStillOpen;
}

/** Whether a fence's text may be one object, with nothing behind the fence. */
function mayBeObject(body: string): boolean {
  return (body.trim() === "" || body.trimStart().startsWith("{")) && !/\n[ \t]*```[ \t]*\n\s*\S/.test(body);
}
