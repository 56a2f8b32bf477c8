/** Drawn over the character before it, or not at all. */
const zeroWidth = /^(?:\p{Mn}|\p{Me}|\p{Cf})$/u;

/** Two columns: the scripts of East Asia, full-width forms, and emoji that are drawn as such. Flags are two halves. */
const doubleWidth =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|(?!\p{Regional_Indicator})\p{Emoji_Presentation})$/u;

/** How many columns a line takes on the screen. */
export function widthOf(line: string): number {
  let width = 0;
  for (const character of line) width += columnsOf(character);
  return width;
}

/** A line cut to so many columns, with an ellipsis in the last of them when something was cut. */
export function clip(line: string, columns: number): string {
  let kept = "";
  let width = 0;
  for (const character of line) {
    const next = columnsOf(character);
    if (width + next > columns) return `${dropLast(kept, width - columns + 1)}…`;
    kept += character;
    width += next;
  }
  return line;
}

/** Breaks a line between words so that no part is wider than `columns`; a longer word (a path) stays whole. */
export function wrap(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && widthOf(longer) > columns) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

/** A line in parts that fit so many columns: broken after a space, where one is not too far back, or anywhere. */
export function slices(line: string, columns: number): string[] {
  const parts: string[] = [];
  let part = "";
  let width = 0;
  for (const character of line) {
    const next = columnsOf(character);
    if (width + next > columns) {
      const [words = ""] = /^ *\S.* /.exec(part) ?? [];
      const end = words.length > part.length / 2 ? words.length : part.length;
      parts.push(part.slice(0, end));
      part = part.slice(end);
      width = widthOf(part);
    }
    part += character;
    width += next;
  }
  return [...parts, part];
}

function dropLast(text: string, columns: number): string {
  const characters = [...text];
  for (let dropped = 0; dropped < columns && characters.length > 0; )
    dropped += columnsOf(characters.pop() ?? "");
  return characters.join("");
}

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  if (zeroWidth.test(character)) return 0;
  return doubleWidth.test(character) ? 2 : 1;
}
