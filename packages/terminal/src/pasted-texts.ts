/** Longer than this, a pasted line is more than anybody edits by hand. */
const MAX_TYPED = 500;

/** The pastes of a session, each with the short mark that stands for it in the line that is edited. */
export interface PastedTexts {
  /** What to put into the line for a paste: a short line itself, or a mark. */
  insert(text: string): string;
  /** What is left of a mark, at the end of the text, after its last character was deleted; or "". */
  brokenMarkAtEnd(text: string): string;
  /** The line with every mark replaced by what was pasted. */
  expand(line: string): string;
}

export function pastedTexts(): PastedTexts {
  const texts = new Map<string, string>();

  return {
    insert(pasted) {
      const text = pasted.replace(/\r\n?/g, "\n");
      const line = text.replace(/\n+$/, "");
      if (line.length <= MAX_TYPED && !/\p{Cc}/u.test(line)) return line;
      const mark = `[paste ${texts.size + 1}: ${sizeOf(text)}]`;
      texts.set(mark, text);
      return mark;
    },

    brokenMarkAtEnd(text) {
      const broken = [...texts.keys()].map((mark) => mark.slice(0, -1));
      return broken.find((mark) => text.endsWith(mark)) ?? "";
    },

    expand: (line) => line.replace(/\[paste \d+: [^\]]+\]/g, (mark) => texts.get(mark) ?? mark),
  };
}

function sizeOf(text: string): string {
  const lines = text.replace(/\n+$/, "").split("\n").length;
  return lines > 1 ? `${lines} lines` : `${text.length.toLocaleString("en")} characters`;
}
