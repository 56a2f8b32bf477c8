/** A line as a hasty reader sees it: spacing, letter case, kinds of quotes and dashes do not count. */
export function foldLine(line: string): string {
  return foldMarks(line).replace(/\s+/g, " ").trim().toLowerCase();
}

/** Curly quotes and long dashes as the plain ones of a keyboard, and letters in one Unicode form. */
export function foldMarks(line: string): string {
  return line
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u201a\u201b`]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-");
}

/** How alike two lines are, from 0 to 1: the share of letter pairs that they have in common (Dice). */
export function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const pairs = pairCounts(a);
  const total = a.length + b.length - 2;
  if (total <= 0) return 0;
  let shared = 0;
  for (let index = 0; index + 1 < b.length; index++) {
    const pair = b.slice(index, index + 2);
    const left = pairs.get(pair) ?? 0;
    if (left === 0) continue;
    pairs.set(pair, left - 1);
    shared++;
  }
  return (2 * shared) / total;
}

function pairCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let index = 0; index + 1 < text.length; index++) {
    const pair = text.slice(index, index + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}
