/** A text with every line end as LF, and the way back to the text as it is. */
export interface LineView {
  readonly text: string;
  /** Where an index of `text` is in the raw text. */
  rawIndex(index: number): number;
}

export function viewLines(raw: string): LineView {
  // The indexes in `text` of the LFs that stand for two characters.
  const pairs = Array.from(raw.matchAll(/\r\n/g), (match, before) => match.index - before);
  return { text: toLf(raw), rawIndex: (index) => index + pairs.filter((pair) => pair < index).length };
}

export function toLf(text: string): string {
  return text.replace(/\r\n?/g, "\n");
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

/** How much two texts, or two lists of lines, have in common at the start, and after that at the end. */
export function commonEnds<Item>(
  a: ArrayLike<Item>,
  b: ArrayLike<Item>,
): { readonly start: number; readonly end: number } {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { start, end };
}

/** The first `length` UTF-16 units of a text, or one fewer where that would halve a surrogate pair. */
export function cutEnd(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, isHighSurrogate(text, length - 1) ? length - 1 : length);
}

/** The last `length` UTF-16 units of a text, or one fewer where that would halve a surrogate pair. */
export function cutStart(text: string, length: number): string {
  if (text.length <= length) return text;
  const start = text.length - length;
  return text.slice(isHighSurrogate(text, start - 1) ? start + 1 : start);
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}
