import { NEWLINE, type Run } from "./rich/ink.ts";
import { safeLine } from "./safe-text.ts";
import { clip, widthOf } from "./width.ts";

/** A way to go on with what is typed. */
export interface Choice {
  readonly name: string;
  /** What is shown of it, where that is not all. */
  readonly shown?: string;
  readonly help?: string;
}

/** What the Tab key does: it replaces the end of the line, or, when that adds nothing, shows the choices. */
export interface Completion {
  readonly typed: string;
  readonly text: string;
  readonly choices: readonly Choice[];
}

export interface Completable {
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  /** The paths that a half-typed one may become. */
  readonly completePath?: ((typed: string) => Promise<readonly Choice[]>) | undefined;
}

/** Completes a slash command at the start of the line, or after an `@` a path of the workspace. */
export async function completionOf(line: string, all: Completable): Promise<Completion | undefined> {
  if (/^\/\S*$/.test(line))
    return pick(
      line,
      all.commands.map(({ name, help }) => ({ name: `/${name.replace(/^\//, "")}`, help })),
    );
  const [, path] = /(?:^|\s)@(\S*)$/.exec(line) ?? [];
  if (path === undefined || !all.completePath) return undefined;
  const found = await all.completePath(path);
  const goesOn = pick(path, found, " ");
  if (goesOn) return goesOn;
  const [only, ...more] = found; // the name of a file somewhere
  if (!only) return undefined;
  return { typed: path, text: more.length === 0 ? `${only.name} ` : path, choices: [only, ...more] };
}

/** What the choices that begin so have in common; the only one is followed by `end`, if it is no folder. */
function pick(typed: string, all: readonly Choice[], end = ""): Completion | undefined {
  const choices = all.filter(({ name }) => name.startsWith(typed));
  const [first] = choices;
  if (!first) return undefined;
  let { length } = first.name;
  for (const { name } of choices) {
    while (!name.startsWith(first.name.slice(0, length))) length--;
  }
  const common = first.name.slice(0, length).toWellFormed();
  const done = choices.length === 1 && !common.endsWith("/") ? end : "";
  return { typed, text: common + done, choices };
}

const MAX_ROWS = 12;

/** The choices that the Tab key found, on the screen: commands with their help, paths side by side. */
export function choiceRuns(choices: readonly Choice[], columns: number): Run[] {
  const names = choices.map(({ name, shown = name }) => safeLine(shown));
  const widest = Math.min(columns - 3, Math.max(...names.map(widthOf)));
  if (choices.some(({ help }) => help !== undefined)) {
    return choices.flatMap(({ help = "" }, index) => [
      { text: `  ${padded(names[index] ?? "", widest)}  `, ink: ["cyan"] },
      { text: clip(safeLine(help), Math.max(1, columns - 5 - widest)), ink: ["dim"] },
      NEWLINE,
    ]);
  }
  const across = Math.max(1, Math.floor((columns - 1) / (widest + 2)));
  const rows = Math.ceil(names.length / across);
  const shown = rows > MAX_ROWS ? names.slice(0, across * (MAX_ROWS - 1)) : names;
  const runs: Run[] = [];
  for (let at = 0; at < shown.length; at += across) {
    const row = shown.slice(at, at + across).map((name) => `  ${padded(name, widest)}`);
    runs.push({ text: row.join("").trimEnd(), ink: [] }, NEWLINE);
  }
  if (shown.length === names.length) return runs;
  return [...runs, { text: `  … ${names.length - shown.length} more`, ink: ["dim"] }, NEWLINE];
}

function padded(name: string, width: number): string {
  const shown = clip(name, width);
  return shown + " ".repeat(width - widthOf(shown));
}
