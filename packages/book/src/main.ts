import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { endUnwritten } from "@eightfold/checker/unwritten";
import { readPage } from "./blocks.ts";
import { failuresOf, missingPages, pagePaths, readBook, written } from "./book.ts";
import { notShown } from "./coverage.ts";
import { diffPages } from "./diff-pages.ts";
import { figuresTable } from "./figures.ts";
import { openRepo } from "./repo.ts";

const help = `Keeps the book true.

pnpm book --check [CHAPTER]   compares each block with its source and runs each command
pnpm book --write [CHAPTER]   fills the blocks and writes docs/diffs
pnpm book --write diffs       writes docs/diffs only
pnpm book --figures [CHAPTER] says how the chapters read: words, code, sentences
  --quick                     leaves out what needs processes: run, wire, break, answer, sh
CHAPTER is the start of a page's name: 5, 05-shell, providers, README.

Blocks, each a comment with what fills it below:
  code: PATH#SYMBOL "FROM".."TO" without "FROM".."TO"    a text that begins with = is a whole line
  diff: phases/A -> phases/B PATH…                       what the reader has still to type of that
  draft: src/FILE                                        code or a diff by hand, for the time being
  run: COMMAND · wire: 5 "REQUEST" · table: map 5        break: and answer: are proved, not filled
In a step, which begins with ## Step 2: Title,
  run (typed): COMMAND    with the program so far in phases/mine, such as a check that fails
  green: 6.reset,6.polls  checks that fail before the step, and pass with the program so far
`;

const root = join(import.meta.dirname, "../../..");
const repo = openRepo(root);
process.stdout.once("error", endUnwritten);
process.once("SIGINT", () => process.exit(130)); // with what is in the temp folder taken away
const flags = readFlags();
if (typeof flags === "string") {
  process.stderr.write(`${flags} See pnpm book --help.\n`);
  process.exitCode = 2;
} else if (flags.write) await write(flags);
else if (flags.check) await check(flags);
else if (flags.figures)
  process.stdout.write(
    figuresTable(pagePaths(repo, flags.wanted).map((path) => readPage(path, repo.read(path) ?? ""))),
  );
else process.stdout.write(help);

interface Flags {
  readonly write: boolean;
  readonly check: boolean;
  readonly figures: boolean;
  readonly quick: boolean;
  readonly wanted: string | undefined;
}

/** The flags, or what is wrong with them. */
function readFlags(): Flags | string {
  const flag = { type: "boolean", default: false } as const;
  const options = { check: flag, write: flag, figures: flag, quick: flag, help: flag };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [wanted] = positionals;
    if (wanted !== "diffs" && pagePaths(repo, wanted).length === 0) return `There is no page ${wanted}.`;
    return { ...values, wanted };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function write({ wanted, quick }: Flags): Promise<void> {
  const readings = await readBook(repo, pagePaths(repo, wanted), quick ? undefined : root);
  const pages = wanted === undefined || wanted === "diffs" ? diffPages(repo) : new Map<string, string>();
  const now = openRepo(root);
  for (const [path, text] of [...written(readings, now), ...pages]) {
    if (text === now.read(path)) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`Wrote ${path}\n`);
  }
  say(readings.flatMap(({ failures }) => failures));
}

async function check({ wanted, quick }: Flags): Promise<void> {
  const paths = pagePaths(repo, wanted);
  const readings = await readBook(repo, paths, quick ? undefined : root);
  say([...readings.flatMap(failuresOf), ...(wanted === undefined ? missingPages(repo) : [])]);
  for (const line of readings.flatMap(notShown)) process.stdout.write(`${line}\n`);
  process.stdout.write(`${paths.length} pages checked.\n`);
}

function say(failures: ReturnType<typeof failuresOf>): void {
  for (const { chapter, line, block, message } of failures)
    process.stdout.write(`${chapter}:${line}: ${block}\n  ${message.replaceAll("\n", "\n  ")}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
