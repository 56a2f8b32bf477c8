/** How one text became another, in words; long stretches that stayed are cut. */
import { diffLines, diffWordsWithSpace } from "diff";

export interface Piece {
  readonly sign: "+" | "−" | "";
  readonly text: string;
}

/** Beyond this, words are too many to be compared: lines are. In characters. */
const LONG = 20_000;

/** What is shown on each side of a change, in characters. */
const AROUND = 80;

/** What is shown of a single piece that came or went, in characters. */
const LONGEST = 3000;

/** Both texts are JSON sources: their line ends are drawn as such. */
export function excerptDiff(before: string, after: string): Piece[] {
  const [old, now] = [before.replaceAll("\\n", "\n"), after.replaceAll("\\n", "\n")];
  const isLong = old.length + now.length > LONG;
  const parts = isLong ? diffLines(old, now) : diffWordsWithSpace(old, now);
  return parts.map(({ value, added, removed }, index) => {
    const sign = added ? "+" : removed ? "−" : "";
    if (sign) return { sign, text: shortened(value, LONGEST, LONGEST) };
    return {
      sign,
      text: shortened(value, index === 0 ? 0 : AROUND, index === parts.length - 1 ? 0 : AROUND),
    };
  });
}

function shortened(text: string, head: number, tail: number): string {
  if (text.length <= head + tail + 20) return text;
  return `${text.slice(0, head)} … ${text.slice(text.length - tail)}`;
}
