/** A line that goes on for longer than this is passed on in pieces. In characters. */
const LONGEST_HELD = 8 * 1024;

/** An escape sequence that has not ended within that many characters is not one. */
const LONGEST_ESCAPE = 256;

const ESC = "\u001b";
const BACKSPACE = "\b";
const BEL = "\u0007";
const C1_CSI = "\u009b";

/** ECMA-48: control sequences (colours, cursor), strings (titles, links), other two- and three-character escapes. */
const ESCAPE = new RegExp(
  [
    `(?:${ESC}\\[|${C1_CSI})[0-?]*[ -/]*[@-~]`,
    `${ESC}[\\]PX^_][^${BEL}${ESC}\\n]*(?:${BEL}|${ESC}\\\\)`,
    `${ESC}[ -/]*[0-OQ-WYZ\\\\\`-~]`,
  ].join("|"),
  "g",
);

const CONTROL = /[^\P{Cc}\n\t]/gu;

/**
 * Turns a program's output into readable text: whatever a terminal would act on is removed, or acted on. Works piece by
 * piece, in memory that does not grow.
 */
export function textCleaner() {
  let held = "";

  /** Takes the next piece and returns the clean text that is now certain. */
  function push(text: string): string {
    const all = held + text;
    const ended = all.lastIndexOf("\n") + 1;
    const clean = cleanLines(all.slice(0, ended));
    held = lastWritten(all.slice(ended));
    if (held.length <= LONGEST_HELD) return clean;
    const certain = startOfOpenEscape(held);
    const long = withoutControls(held.slice(0, certain));
    held = held.slice(certain);
    return clean + long;
  }

  /** Returns what was held back. */
  const end = (): string => cleanLines(held);

  return { push, end };
}

function cleanLines(text: string): string {
  if (!text.includes("\r")) return withoutControls(text);
  return withoutControls(text.split("\n").map(lastWritten).join("\n"));
}

/** What is left to see of a line that was written several times over, as progress bars do with `\r`. */
function lastWritten(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  const start = end === 0 ? 0 : line.lastIndexOf("\r", end - 1) + 1;
  return end < line.length ? `${line.slice(start, end)}\r` : line.slice(start, end);
}

function withoutControls(text: string): string {
  return backspaced(text.replace(ESCAPE, "")).replace(CONTROL, "");
}

/** Bold in `man` is a character, a backspace and the character again; spinners go back over themselves. */
function backspaced(text: string): string {
  if (!text.includes(BACKSPACE)) return text;
  const written: string[] = [];
  for (const character of text) {
    if (character !== BACKSPACE) written.push(character);
    else if (written.at(-1) !== "\n") written.pop();
  }
  return written.join("");
}

function startOfOpenEscape(text: string): number {
  const start = text.lastIndexOf(ESC);
  if (start < 0 || text.length - start > LONGEST_ESCAPE) return text.length;
  return text.slice(start).search(ESCAPE) === 0 ? text.length : start;
}
