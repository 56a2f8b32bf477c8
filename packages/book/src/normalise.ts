import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");

/** What differs from run to run, and what the book shows in its place. */
const rules: readonly (readonly [RegExp | string, string])[] = [
  [`pnpm -C ${root} `, "pnpm "], // a reader's commands seem to run there
  [/(?:\/private)?\/tmp\/e-\w{6}\/(eightfold-[a-z]+-)\w{6}/g, "/tmp/$1x1Y2z3"],
  [/\/check-([a-z]+\.[\w-]+?)-\w{6}\b/g, "/check-$1-x1Y2z3"],
  [/(?:\/private)?\/tmp\/e-\w{6}/g, "~"],
  [/\b127\.0\.0\.1:\d+/g, "127.0.0.1:4321"],
  [/\b\d{8}-\d{6}-[0-9a-z]{6}\b/g, "20261120-152840-x1y2z3"],
  [/\b20\d\d-\d\d-\d\d \d\d:\d\d\b/g, "2026-11-20 15:28"],
  [/\b\d+\.\d s\b/g, "0.5 s"],
  [/ · (?:\d+ min )?\d+ s$/gm, " · 0.5 s"], // a turn on a busy machine
  [/\bduration_ms \d[\d.]*/g, "duration_ms 1.2"],
  [/\(\d[\d.]* ?ms\)/g, "(1.2ms)"],
  // Where there is no bubblewrap.
  [/ · no box here$/gm, ""],
  [/, with no box here$/gm, ", in the box"],
];

const WIDTH = 100;

/**
 * What a terminal showed, as lines that are the same for each run: long ones are folded at spaces, and the prompt that
 * an agent was left at is gone.
 */
export function normalise(screen: string): string[] {
  const text = rules.reduce((normal, [pattern, word]) => normal.replaceAll(pattern, word), screen);
  return text
    .replace(/\n+›(?=\n\$ |$)/g, "")
    .split("\n")
    .flatMap((line) => (line.startsWith("$ ") ? [line] : fold(line)));
}

function fold(line: string): string[] {
  const space = line.lastIndexOf(" ", WIDTH);
  const indent = line.length - line.trimStart().length;
  if (line.length <= WIDTH || space <= indent) return [line];
  return [line.slice(0, space), ...fold(" ".repeat(indent) + line.slice(space + 1))];
}

const ESTIMATE = / *~([\d.,]+k?)/g;

/**
 * Whether two outputs differ in estimated tokens only, and in those by a tenth or 20 at most: they depend on the
 * machine's name for its system.
 */
export function isSameRun(one: readonly string[], other: readonly string[]): boolean {
  const [before, after] = [one.join("\n"), other.join("\n")];
  if (before.replaceAll(ESTIMATE, "~") !== after.replaceAll(ESTIMATE, "~")) return false;
  const counts = estimatesIn(after);
  return estimatesIn(before).every((count, at) => {
    const difference = Math.abs(count - (counts[at] ?? 0));
    return difference <= Math.max(20, count / 10);
  });
}

/** `~1.8k` is 1800. */
function estimatesIn(text: string): number[] {
  return [...text.matchAll(ESTIMATE)].map(([, shown = ""]) => {
    const count = Number.parseFloat(shown.replaceAll(",", ""));
    return shown.endsWith("k") ? 1000 * count : count;
  });
}
