const LONGEST_BAR = 24;

/** Of a line, beside the name and the bar: the number, two gaps, and what a block of code is indented by. */
const AROUND = 14;

/**
 * What a whole is made of, as a block of Markdown: a bar a part, and what is left.
 * @param unit what is counted
 */
export function drawShares(
  parts: Readonly<Record<string, number>>,
  whole: number,
  unit: string,
  columns = process.stderr.columns || 80,
): string {
  const used = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const rows = Object.entries({ ...parts, free: Math.max(0, whole - used) });
  const width = Math.max(...rows.map(([name]) => name.length));
  const longest = Math.max(4, Math.min(LONGEST_BAR, columns - width - AROUND));
  const lines = rows.map(([name, count]) => {
    const bar = (name === "free" ? "░" : "█").repeat(Math.ceil((Math.min(count, whole) / whole) * longest));
    return `${name.padEnd(width)}  ${bar.padEnd(longest)}  ${rounded(count).padStart(7)}`;
  });
  const head = `${rounded(used)} of ${rounded(whole)} ${unit}`;
  return ["```", head, "", ...lines, "```"].join("\n");
}

const rounded = (count: number) => Math.round(count).toLocaleString("en");
