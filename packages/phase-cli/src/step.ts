import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { differences, openRepo, programFiles, type Step, stepsOf } from "@eightfold/book";
import { applicableChecks, checkCommand } from "@eightfold/checker";
import { CommandError, filesBelow, type Phase, repoRoot } from "./phases.ts";

type Program = Step["program"];

/**
 * `pnpm phase 6 step`: the steps of a phase's chapter; with a number what that one leaves, laid into a folder or
 * compared with one. Step 0 is what the chapter begins with. Returns the exit code.
 */
export async function step(phase: Phase, words: readonly string[]): Promise<number> {
  const { number, into, mine } = readWords(phase, words);
  const { start, steps } = stepsOf(openRepo(repoRoot), phase.number);
  if (number === undefined) {
    process.stdout.write(listOf(phase, steps));
    return 0;
  }
  const last = steps.length;
  const wanted = steps.find((each) => each.number === number);
  if (!wanted && number !== 0)
    throw new CommandError(
      `Chapter ${phase.number} has no step ${number}: it has 1 to ${last}, and 0 is what it begins with.`,
    );
  const program = wanted?.program ?? start;
  const what = wanted
    ? `the program after step ${number} of chapter ${phase.number}`
    : `what chapter ${phase.number} begins with`;
  if (into !== undefined) await layInto(resolve(into), program, what);
  else if (mine !== undefined) return await compare(resolve(mine), program, phase, steps.slice(0, number));
  else process.stdout.write(about(phase, program, wanted));
  return 0;
}

function readWords(phase: Phase, words: readonly string[]) {
  const string = { type: "string" } as const;
  const usage = `Write it as pnpm phase ${phase.number} step, step 2, step 2 --into DIR or step 2 --mine DIR.`;
  try {
    const options = { into: string, mine: string };
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const [word, ...more] = positionals;
    const { into, mine } = values;
    const isNumber = word === undefined ? into === undefined && mine === undefined : /^\d+$/.test(word);
    if (!isNumber || more.length > 0 || (into !== undefined && mine !== undefined)) throw new Error(usage);
    return { number: word === undefined ? undefined : Number(word), into, mine };
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(usage);
    throw new CommandError(message === usage ? usage : `${message} ${usage}`);
  }
}

function listOf(phase: Phase, steps: readonly Step[]): string {
  const rows = steps.map(
    (each) => `${String(each.number).padStart(2)}  ${each.title}\n${greenBy(phase, each)}`,
  );
  return `${rows.join("")}\nEach leaves a program that runs, and turns the checks below it green. pnpm phase ${phase.number} step 1 says more.\n`;
}

function greenBy({ number }: Phase, { checks }: Step): string {
  const titles = new Map(applicableChecks(number).map(({ id, title }) => [id, title]));
  return checks.map((id) => `    ${id}: ${titles.get(id) ?? "there is no such check"}\n`).join("");
}

function about(phase: Phase, program: Program, step: Step | undefined): string {
  const head = step
    ? `Step ${step.number} of chapter ${phase.number}: ${step.title}\n${greenBy(phase, step)}In ${step.page}, line ${step.line}.`
    : `What chapter ${phase.number} begins with.`;
  const files = [...programFiles(program)].map(
    ([path, text]) => `  ${path}, ${text.split("\n").length - 1} lines\n`,
  );
  const command = `pnpm phase ${phase.number} step ${step?.number ?? 0}`;
  return `${head}\n\n${files.join("")}\n${command} --into phases/mine   puts it into a new folder\n${command} --mine phases/mine   compares yours with it\n`;
}

/** A folder as the user would name it. */
function seenFromHere(folder: string): string {
  const path = relative(process.cwd(), folder) || ".";
  return path.startsWith("..") ? folder : path;
}

/** Into a folder that is new or empty: beside it first, so that nobody finds half of a program. */
async function layInto(folder: string, program: Program, what: string): Promise<void> {
  const shown = seenFromHere(folder);
  const there = existsSync(folder) ? await readdir(folder).catch(() => [shown]) : [];
  if (there.length > 0)
    throw new CommandError(
      `${shown} is not empty. Name a folder that is new, or empty: nothing of yours is overwritten.`,
    );
  const files = programFiles(program);
  try {
    await mkdir(dirname(folder), { recursive: true });
    const growing = await mkdtemp(`${folder}-`);
    try {
      for (const [path, text] of files) {
        await mkdir(dirname(join(growing, path)), { recursive: true });
        await writeFile(join(growing, path), text);
      }
      await linkRooms(growing);
      await rename(growing, folder);
    } catch (error) {
      await rm(growing, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split(",");
    throw new CommandError(`${shown} cannot be written. ${reason}.`, 1);
  }
  process.stdout.write(`${shown} has ${what}: ${files.size === 1 ? "1 file" : `${files.size} files`}.\n`);
  if (files.size > 1) process.stdout.write(`Start it: pnpm exec node ${join(shown, "src/main.ts")}\n`);
}

/** Inside this clone the rooms are found as they are; elsewhere by a link to them. */
async function linkRooms(folder: string): Promise<void> {
  try {
    createRequire(join(folder, "package.json")).resolve("@eightfold/core");
  } catch {
    await mkdir(join(folder, "node_modules"));
    await symlink(
      join(repoRoot, "node_modules/@eightfold"),
      join(folder, "node_modules/@eightfold"),
      "junction",
    );
  }
}

/** Says where a reader's program is not the book's, and runs the checks that the steps so far turn green. */
async function compare(
  folder: string,
  program: Program,
  phase: Phase,
  steps: readonly Step[],
): Promise<number> {
  const shown = seenFromHere(folder);
  const paths = filesBelow(join(folder, "src"));
  if (paths.length === 0) throw new CommandError(`There is no program in ${shown}: it has no files in src.`);
  const read = async (path: string) => {
    const text = (await readFile(join(folder, "src", path), "utf8")).replaceAll("\r\n", "\n");
    return [`src/${path}`, text.replace(/\n$/, "").split("\n")] as const;
  };
  const typed: Program = new Map(await Promise.all(paths.map(read)));
  const differing = differences(typed, program);
  for (const { path, line, mine, theirs } of differing) {
    const lines = `line ${line}\n  yours     ${mine ?? "(ends)"}\n  the book  ${theirs ?? "(ends)"}`;
    const what = typed.has(path)
      ? program.has(path)
        ? lines
        : "not in the book so far"
      : "you do not have it";
    process.stdout.write(`${path}: ${what}\n`);
  }
  process.stdout.write(differing.length > 0 ? "\n" : `${paths.length} files, all as in the book.\n`);
  const checks = steps.flatMap((each) => each.checks);
  const code =
    checks.length === 0 ? 0 : await checkCommand(phase.number, ["--agent", folder, "--only", checks.join()]);
  return differing.length > 0 ? 1 : code;
}
