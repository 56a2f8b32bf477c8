import { phaseNumberOf, readPage } from "./blocks.ts";
import { type Desk, deskWith, textOf } from "./desk.ts";
import { typed } from "./follower.ts";
import { PAGES, pagesWith } from "./pages.ts";
import type { Failure } from "./problem.ts";
import { type Reading, read } from "./reading.ts";
import type { Repo } from "./repo.ts";

/** A step of a phase's chapter. */
export interface Step {
  readonly number: number;
  readonly title: string;
  readonly page: string;
  /** The number, from 1, of its heading's line. */
  readonly line: number;
  /** The checks that fail before it and pass after it. */
  readonly checks: readonly string[];
  /** The program that it leaves. */
  readonly program: Desk;
}

/** The steps of a page: what stands from a heading `## Step 2: Title` to the next. */
export function stepsOn(reading: Reading): Step[] {
  const { page } = reading.chapter;
  const { at } = typed(reading);
  const headings = page.prose.filter(({ text }) => text.startsWith("## "));
  return headings.flatMap(({ text, line }, index) => {
    const [, number, title = ""] = /^## Step (\d+): (.+)$/.exec(text) ?? [];
    const end = headings[index + 1]?.line ?? page.lines.length + 1;
    const green = page.blocks.filter(
      (block) => block.kind === "green" && block.line > line && block.line < end,
    );
    const checks = green.flatMap((block) => block.text.split(/,\s*/));
    return number ? [{ number: Number(number), title, page: page.path, line, checks, program: at(end) }] : [];
  });
}

/** The steps that turn no check green: nothing would show that such a step works. */
export function idleSteps(reading: Reading): Failure[] {
  if (!reading.chapter.phase) return [];
  return stepsOn(reading)
    .filter(({ checks }) => checks.length === 0)
    .map(({ number, page, line }) => ({
      chapter: page,
      line,
      block: `step ${number}`,
      message: "It turns no check green. Add <!-- green: ID --> of a check that fails before it.",
    }));
}

/** The steps of a phase, on all of its pages, and before them the program that they begin with. */
export function stepsOf(
  repo: Repo,
  phase: number,
): { readonly start: Desk; readonly steps: readonly Step[] } {
  const [first = ""] = PAGES.filter((path) => phaseNumberOf({ path }) === phase);
  const readings = pagesWith(first).map((path) => read(repo, readPage(path, repo.read(path) ?? "")));
  return { start: deskWith(repo, readings[0]?.chapter.before), steps: readings.flatMap(stepsOn) };
}

/** The files of a program, ready to run where the rooms are found. */
export function programFiles(program: Desk): Map<string, string> {
  const source = [...program].filter(([, lines]) => lines.length > 0);
  return new Map([
    ["package.json", MANIFEST],
    ...source.map(([path, lines]) => [path, textOf(lines)] as const),
  ]);
}

const MANIFEST = `{
  "name": "mine",
  "private": true,
  "type": "module",
  "eightfold": {
    "title": "Typed",
    "summary": "typed from the book"
  }
}
`;
