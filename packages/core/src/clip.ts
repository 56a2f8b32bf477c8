/**
 * The head and the tail of a text of more than `limit` characters, and how many are left out: what matters stands at the
 * ends. Where the text was clipped before, what it said of where the rest is stays. Its length is bounded in the pattern,
 * so that a text of nothing but such beginnings takes no time that grows with its square.
 */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const middle = text.slice(half, text.length - half);
  const where = / left out; ([^\n\]]{1,300}?)(?: …)?\]/.exec(middle)?.[1];
  const notice = `[${middle.length} characters left out${where ? `; ${where}` : ""}]`;
  return `${text.slice(0, half)}\n${notice}\n${text.slice(-half)}`.toWellFormed();
}
