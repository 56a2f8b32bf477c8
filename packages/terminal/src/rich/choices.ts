import type { Line } from "../markdown/styled-text.ts";
import { safeLine } from "../safe-text.ts";
import { clip, widthOf } from "../width.ts";
import type { Choice } from "./complete.ts";

const MAX_ROWS = 12;

/** The choices that the Tab key found: commands with their help, paths side by side. */
export function choiceLines(choices: readonly Choice[], columns: number): Line[] {
  const names = choices.map(({ name, shown = name }) => safeLine(shown));
  const widest = Math.min(columns - 3, Math.max(...names.map(widthOf)));
  if (choices.some(({ help }) => help !== undefined)) {
    return choices.map(({ help = "" }, index) => {
      const name = padded(names[index] ?? "", widest);
      return [
        { text: `  ${name}  `, format: ["cyan"] },
        { text: clip(safeLine(help), Math.max(1, columns - 5 - widest)), format: ["dim"] },
      ];
    });
  }
  const across = Math.max(1, Math.floor((columns - 1) / (widest + 2)));
  const rows = Math.ceil(names.length / across);
  const shown = rows > MAX_ROWS ? names.slice(0, across * (MAX_ROWS - 1)) : names;
  const lines: Line[] = [];
  for (let at = 0; at < shown.length; at += across) {
    const row = shown.slice(at, at + across).map((name) => `  ${padded(name, widest)}`);
    lines.push([{ text: row.join("").trimEnd(), format: [] }]);
  }
  if (shown.length < names.length)
    lines.push([{ text: `  … ${names.length - shown.length} more`, format: ["dim"] }]);
  return lines;
}

function padded(name: string, width: number): string {
  const shown = clip(name, width);
  return shown + " ".repeat(width - widthOf(shown));
}
