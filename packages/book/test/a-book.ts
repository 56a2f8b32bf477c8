import { failuresOf, readBook, written } from "../src/book.ts";
import type { Repo } from "../src/repo.ts";

/** A repository of these files. */
export function repoOf(files: Readonly<Record<string, string>>): Repo {
  return {
    read: (path) => files[path],
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .sort(),
  };
}

/** A small repository with two phases, and pages on top. */
export function aRepo(files: Readonly<Record<string, string>>): Repo {
  return repoOf({ ...phases, ...files });
}

/** A page with its blocks filled. */
export async function filled(
  path: string,
  text: string,
  files: Record<string, string> = {},
): Promise<string> {
  const repo = aRepo({ [path]: text, ...files });
  return written(await readBook(repo, [path]), repo).get(path) ?? "";
}

/** What is wrong with a page, a line each; of a short chapter it is no use to say that it is short. */
export async function wrong(
  path: string,
  text: string,
  files: Record<string, string> = {},
): Promise<string[]> {
  const repo = aRepo({ [path]: text, ...files });
  const [reading] = await readBook(repo, [path]);
  return (reading ? failuresOf(reading) : [])
    .filter(({ block }) => block !== "words")
    .map(({ chapter, line, block, message }) => `${chapter}:${line}: ${block}: ${message}`);
}

/** Lines as a text. */
export const lines = (...all: string[]): string => `${all.join("\n")}\n`;

const main = lines('import { add } from "./add.ts";', "", "console.log(add(1, 2));");

export const oldAdd: string = lines(
  'import { log } from "./log.ts";',
  "",
  "/** The sum. */",
  "export function add(a: number, b: number): number {",
  "  log(a);",
  "  return a + b;",
  "}",
  "",
  "export const nothing = 0;",
);

export const newAdd: string = lines(
  'import { log } from "./log.ts";',
  'import { check } from "./check.ts";',
  "",
  "/** The sum of two numbers. */",
  "export function add(a: number, b: number): number {",
  "  check(a, b);",
  "  return a + b;",
  "}",
  "",
  "export const one = 1;",
);

export const check: string = lines(
  'import { fail } from "./fail.ts";',
  "",
  "const limit = 9;",
  "",
  "/** Throws. */",
  "export function check(...numbers: number[]): void {",
  "  if (numbers.some((number) => number > limit)) fail();",
  "}",
);

export const phases: Readonly<Record<string, string>> = {
  "phases/1-sum/package.json": '{ "eightfold": { "summary": "a sum" } }',
  "phases/1-sum/src/add.ts": oldAdd,
  "phases/1-sum/src/main.ts": main,
  "phases/2-check/package.json": '{ "eightfold": { "summary": "a check" } }',
  "phases/2-check/src/add.ts": newAdd,
  "phases/2-check/src/check.ts": check,
  "phases/2-check/src/main.ts": main,
};

/** The directives of a chapter that shows all of phase 2. */
export const wholeChapter: string = lines(
  "# Check",
  "",
  "<!-- code: phases/2-check/src/check.ts#imports,limit -->",
  "",
  "<!-- diff: phases/1-sum -> phases/2-check src/add.ts#add -->",
  "",
  "<!-- code: phases/2-check/src/check.ts#check -->",
  "",
  "<!-- diff: phases/1-sum -> phases/2-check src/add.ts -->",
);
