import { StringDecoder } from "node:string_decoder";

/** Asks a terminal to put marks around what is pasted, so that it can be told from what is typed. */
export const PASTE_MARKS_ON = "\x1b[?2004h";
export const PASTE_MARKS_OFF = "\x1b[?2004l";

const CTRL_C = "\x03";
const START = "\x1b[200~";
const END = "\x1b[201~";

/** Longer than this, a pasted line is more than anybody edits by hand. */
const MAX_TYPED = 500;

export type Input = { readonly type: "keys" | "paste"; readonly text: string };

/** Tells what is typed from what is pasted, in the bytes of a terminal, wherever they are cut. */
export function inputReader(): (bytes: Buffer) => Input[] {
  const decoder = new StringDecoder("utf8");
  let pasted: string[] | undefined;
  let kept = "";

  return (bytes) => {
    const inputs: Input[] = [];
    let rest = kept + decoder.write(bytes);
    kept = "";
    if (pasted && rest === CTRL_C) pasted = undefined; // the end never came
    while (rest !== "") {
      const mark = pasted ? END : START;
      const at = rest.indexOf(mark);
      const text =
        at < 0 ? rest.slice(0, rest.length - cutMark(rest, mark, pasted ? 1 : 2)) : rest.slice(0, at);
      if (pasted) pasted.push(text);
      else if (text !== "") inputs.push({ type: "keys", text });
      if (at < 0) {
        kept = rest.slice(text.length);
        break;
      }
      if (pasted) inputs.push({ type: "paste", text: pasted.join("") });
      pasted = pasted ? undefined : [];
      rest = rest.slice(at + mark.length);
    }
    return inputs;
  };
}

/** How many characters at the end of the text may be the start of the mark, from `least` on: a lone Esc is a key. */
function cutMark(text: string, mark: string, least: number): number {
  for (let length = mark.length - 1; length >= least; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}

export type PastedTexts = ReturnType<typeof pastedTexts>;

/** The pastes of a session, each with the short mark that stands for it in the line that is edited. */
export function pastedTexts() {
  const texts = new Map<string, string>();

  return {
    /** What to put into the line for a paste: a short line itself, or a mark. */
    insert(pasted: string): string {
      const text = pasted.replace(/\r\n?/g, "\n");
      const line = text.replace(/\n+$/, "");
      if (line.length <= MAX_TYPED && !/\p{Cc}/u.test(line)) return line;
      const mark = `[paste ${texts.size + 1}: ${sizeOf(text)}]`;
      texts.set(mark, text);
      return mark;
    },
    /** What is left of a mark, at the end of the text, after its last character was deleted; or "". */
    brokenMarkAtEnd(text: string): string {
      const broken = [...texts.keys()].map((mark) => mark.slice(0, -1));
      return broken.find((mark) => text.endsWith(mark)) ?? "";
    },
    /** The line with every mark replaced by what was pasted. */
    expand: (line: string) => line.replace(/\[paste \d+: [^\]]+\]/g, (mark) => texts.get(mark) ?? mark),
  };
}

function sizeOf(text: string): string {
  const lines = text.replace(/\n+$/, "").split("\n").length;
  return lines > 1 ? `${lines} lines` : `${text.length.toLocaleString("en")} characters`;
}
