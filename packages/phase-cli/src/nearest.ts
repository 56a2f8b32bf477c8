/** The one of `words` that `typed` most likely stands for: at most two letters away, or the only one it begins. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const begun = words.filter((word) => word.startsWith(typed));
  if (begun.length === 1) return begun[0];
  const near = words
    .map((word) => ({ word, distance: editDistance(typed, word) }))
    .filter(({ word, distance }) => distance <= 2 && distance < word.length - 1)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.word;
}

/** How many letters must be added, dropped or replaced to turn one word into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [left, other] of [...to].entries()) {
      const [drop = 0, replace = 0, add = 0] = [row[left + 1], row[left], next[left]];
      next.push(Math.min(drop + 1, add + 1, replace + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
