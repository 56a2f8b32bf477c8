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

  return {
    read(text) {
      seen += text;
      if (isHeld) return "";
      START.lastIndex = shown;
      let from = seen.length;
      for (let start = START.exec(seen); start; start = START.exec(seen)) {
        const fate = fateOf(seen.slice(start.index));
        isHeld = fate === "held";
        if (fate === "text") continue;
        from = start.index;
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

/** Whether a fence's text may be one object, with nothing behind the fence. */
function mayBeObject(body: string): boolean {
  return (body.trim() === "" || body.trimStart().startsWith("{")) && !/\n[ \t]*```[ \t]*\n\s*\S/.test(body);
}
