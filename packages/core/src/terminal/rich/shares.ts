const BAR = 24;

/**
 * What a whole is made of, as a block of Markdown: a bar a part, and what is left.
 * @param unit what is counted
 */
export function drawShares(parts: Readonly<Record<string, number>>, whole: number, unit: string): string {
  const used = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const rows = Object.entries({ ...parts, free: Math.max(0, whole - used) });
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, count]) => {
    const bar = (name === "free" ? "░" : "█").repeat(Math.ceil((Math.min(count, whole) / whole) * BAR));
    return `${name.padEnd(width)}  ${bar.padEnd(BAR)}  ${rounded(count).padStart(7)}`;
  });
  const head = `${rounded(used)} of ${rounded(whole)} ${unit}`;
  return ["```", head, "", ...lines, "```"].join("\n");
}

const rounded = (count: number) => Math.round(count).toLocaleString("en");
