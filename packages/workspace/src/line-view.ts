/** A text with every line end as LF, and the way back to the text as it is. */
export interface LineView {
  readonly text: string;
  /** Where an index of `text` is in the raw text. */
  rawIndex(index: number): number;
}

export function viewLines(raw: string): LineView {
  const text = toLf(raw);
  if (text.length === raw.length) return { text, rawIndex: (index) => index };
  // The indexes in `text` of the LFs that stand for two characters.
  const pairs = Array.from(raw.matchAll(/\r\n/g), (match, before) => match.index - before);
  return { text, rawIndex: (index) => index + countBelow(pairs, index) };
}

export function toLf(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** The line end nearest to an index of a raw text: that of its line, or of the line before; LF where there is none. */
export function lineEndNear(raw: string, index: number): string {
  const next = /\r\n?|\n/g;
  next.lastIndex = index;
  const found = next.exec(raw)?.[0];
  if (found) return found;
  const before = raw.slice(0, index);
  const last = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r"));
  if (last < 0) return "\n";
  return before.endsWith("\r\n", last + 1) ? "\r\n" : before.charAt(last);
}

/** How many of the sorted numbers are below a limit. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
