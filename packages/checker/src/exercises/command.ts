import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import type { Subject } from "../check.ts";
import { ownCommand, phaseSubject } from "../phase-subject.ts";
import { acceptances, type Exercise, readExercises } from "./exercises.ts";

const root = join(import.meta.dirname, "../../../..");

const help = `Tries your answer to an exercise of the book: the agent is started, and a scripted model calls its tools.

pnpm exercise            the exercises, and which are done
pnpm exercise 4.2        tries the agent in phases/4-write, where you have made the change
  --mine DIR             another copy of it, such as phases/mine
  --agent COMMAND        any program that speaks Chat Completions; --cwd DIR and the request are added

Exit codes: 0 it works · 1 it does not · 2 wrong usage
`;

/** What is wrong with the command line, and what to do about it. */
class WrongUsage extends Error {}

/**
 * Carries out `pnpm exercise` with the words after it. Returns the exit code.
 * @param here where the user is
 * @param doneFile remembers what has passed once, with its day
 */
export async function exerciseCommand(
  argv: readonly string[],
  here: string,
  doneFile: string = join(root, ".eightfold/exercises.json"),
): Promise<number> {
  try {
    const { id, help: wantsHelp, ...subject } = readWords(argv);
    if (wantsHelp) process.stdout.write(help);
    else if (id === undefined) process.stdout.write(listOf(readExercises(root), readDone(doneFile)));
    else return await tryExercise(id, subject, here, doneFile);
    return 0;
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    process.stderr.write(`${error.message}\nSee pnpm exercise --help.\n`);
    return 2;
  }
}

interface Words {
  readonly mine?: string | undefined;
  readonly agent?: string | undefined;
}

function readWords(argv: readonly string[]): Words & { id?: string | undefined; help: boolean } {
  const string = { type: "string" } as const;
  const options = { mine: string, agent: string, help: { type: "boolean", default: false } } as const;
  const { values, positionals } = (() => {
    try {
      return parseArgs({ args: [...argv], options, allowPositionals: true });
    } catch (error) {
      throw new WrongUsage(error instanceof Error ? error.message : String(error));
    }
  })();
  const [id, ...more] = positionals;
  if (more.length > 0) throw new WrongUsage(`One exercise at a time: ${id}, and then ${more.join(", ")}.`);
  if (values.mine !== undefined && values.agent !== undefined)
    throw new WrongUsage("--mine and --agent name two agents. Leave one out.");
  if (id === undefined && (values.mine ?? values.agent) !== undefined)
    throw new WrongUsage(
      "Which exercise should it be tried on? Such as pnpm exercise 4.2 --mine phases/mine.",
    );
  return { ...values, id };
}

async function tryExercise(id: string, words: Words, here: string, doneFile: string): Promise<number> {
  const exercises = readExercises(root);
  const exercise = exercises.find((each) => each.id === id);
  const acceptance = acceptances.find((each) => each.id === id);
  if (!exercise || !acceptance)
    throw new WrongUsage(`There is no exercise ${id}. pnpm exercise lists them all.`);
  const subject = await subjectOf(acceptance.phase, words, here);
  try {
    await acceptance.run(subject);
  } catch (error) {
    process.stdout.write(failureOf(exercise, error instanceof Error ? error.message : String(error)));
    return 1;
  }
  const done = { [id]: new Date().toISOString().slice(0, 10), ...readDone(doneFile) };
  const kept = writeDone(doneFile, done);
  const count = exercises.filter((each) => done[each.id]).length;
  process.stdout.write(`${headOf("ok", exercise)}${indented(acceptance.title)}\n`);
  process.stdout.write(`${indented(`${count} of ${exercises.length} are done.`)}\n`);
  if (kept) process.stderr.write(`It is not remembered: ${kept}\n`);
  return 0;
}

async function subjectOf(phase: number, { mine, agent }: Words, here: string): Promise<Subject> {
  const own = mine ?? agent;
  if (own === undefined) {
    const { command, dialect } = await phaseSubject(phase, "responses");
    return { command, dialect }; // without `ours`: what a reader's program sends may be worth advice
  }
  if (mine !== undefined && !existsSync(join(resolve(here, mine), "src/main.ts")))
    throw new WrongUsage(`There is no agent in ${mine}: it has no src/main.ts.`);
  const command = ownCommand(own, here, phase);
  if (typeof command === "string") throw new WrongUsage(command);
  return { command, dialect: mine === undefined ? "chat" : "responses" };
}

function headOf(mark: "ok" | "FAILED", { id, title }: Exercise): string {
  const colour = mark === "ok" ? "green" : "red";
  return `${styleText(colour, mark.padEnd(6), { stream: process.stdout })}  ${id}  ${title}\n`;
}

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, "        ");

function failureOf(exercise: Exercise, message: string): string {
  const more = `${exercise.page} has more hints, under ${exercise.id}.`;
  return `${headOf("FAILED", exercise)}${indented(`${message}\n\nhint: ${exercise.nudge}\n${more}`)}\n`;
}

/** The day on which an exercise has passed first, by its id. */
type Done = Readonly<Record<string, string>>;

function listOf(exercises: readonly Exercise[], done: Done): string {
  const rows = exercises.map(({ id, title }) => `${(done[id] ?? "").padEnd(12)}${id}  ${title}\n`);
  const count = exercises.filter(({ id }) => done[id]).length;
  return `${rows.join("")}\n${count} of ${exercises.length} are done. pnpm exercise 4.2 tries your answer to 4.2.\n`;
}

/** Nothing is done where the file is not there, or is not ours to read. */
function readDone(file: string): Done {
  try {
    const days = Object.entries(JSON.parse(readFileSync(file, "utf8")));
    return Object.fromEntries(days.map(([id, day]) => [id, String(day)]));
  } catch {
    return {};
  }
}

/** Returns why it cannot be written, if so. */
function writeDone(file: string, done: Done): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(done, null, 2)}\n`);
    renameSync(`${file}.new`, file);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
