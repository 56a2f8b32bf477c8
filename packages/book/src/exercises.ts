import { applicableChecks, runChecks } from "@eightfold/checker";
import type { Block } from "./blocks.ts";
import { typed } from "./follower.ts";
import { copyPhase, copyProgram, type Edit, type PhaseCopy } from "./phase-copy.ts";
import { Problem } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { Chapter } from "./render.ts";
import type { Phase } from "./repo.ts";
import { renderRun, runBlock } from "./run-block.ts";
import type { Scratch } from "./scratch.ts";
import { stepsOn } from "./steps.ts";

/**
 * `<!-- break: phases/5-shell/src/agent.ts check=2.some-check -->` and a diff: the phase passes the check, and with
 * the diff it fails. Returns the broken phase. Of the block behind it, which may show that it fails, see `showsFailure`.
 */
export async function breakPhase(
  block: Block,
  next: Block | undefined,
  chapter: Chapter,
  root: string,
): Promise<PhaseCopy> {
  const [, path = "", id = ""] = /^(\S+) check=(\S+)$/.exec(block.text) ?? [];
  const phase = chapter.phases.find(({ folder }) => path.startsWith(`${folder}/`));
  if (!phase || !block.fence)
    throw new Problem("Write it as phases/5-shell/src/agent.ts check=ID, and a diff in a fence below.");
  const whole = await copyPhase(chapter, root, phase);
  await expectOutcome(whole, phase, id, "passed", "before the diff is applied");
  const edit = { path: path.slice(phase.folder.length + 1), diff: block.fence.body };
  const broken = await copyPhase(chapter, root, phase, [edit]);
  if (!next || !showsFailure(next, phase, id))
    await expectOutcome(broken, phase, id, "failed", "with the diff applied");
  return broken;
}

/** Whether a block runs the check on the broken phase, and has to see it fail: exit 1 or its output says that. */
function showsFailure({ kind, options, text, fence }: Block, { number }: Phase, id: string): boolean {
  const command = `pnpm phase ${number} check --only ${id}`;
  const isPiped = text.startsWith(`${command} | `); // then the exit code is another's
  const says = fence?.body.some((line) => line.startsWith("FAILED")) ?? false;
  return (
    kind === "run" &&
    (isPiped ? options === "broken" && says : options === "broken, exit 1" && text === command)
  );
}

/** A phase with an answer, and what the answer promises. */
export interface Answer {
  readonly phase: Phase;
  readonly copy: PhaseCopy;
  readonly promises: readonly { readonly id: string; readonly outcome: "passed" | "failed" }[];
}

const FOR_ALL = /^\+.*\bdeclare\s+(?:global|module)\b|^\+\s*\/\/\/\s*</;

/**
 * `<!-- answer: 5.1 src/tools/run-bash.ts check=ID -->` and a diff: it fits the phase, which still type-checks, passes
 * each `check=ID` and fails each `fails=ID`. A diff of several files names each in a line `+++ src/file.ts`.
 */
export async function openAnswer(block: Block, chapter: Chapter, root: string): Promise<Answer> {
  const [number = "", ...words] = block.text.split(/\s+/);
  const phase = chapter.phases.find((each) => each.number === Number.parseInt(number, 10));
  if (!phase || !block.fence) throw new Problem("Write it as 5.1 src/file.ts, and a diff in a fence below.");
  if (block.fence.body.some((line) => FOR_ALL.test(line)))
    throw new Problem("It declares something for all modules; type-checked together, other answers see it.");
  const edits = diffsOf(
    block.fence.body,
    words.find((word) => !word.includes("=")),
  );
  const promises = words.flatMap((word) => {
    const [, verdict, id = ""] = /^(check|fails)=(.+)$/.exec(word) ?? [];
    return verdict ? [{ id, outcome: verdict === "check" ? ("passed" as const) : ("failed" as const) }] : [];
  });
  return { phase, copy: await copyPhase(chapter, root, phase, edits), promises };
}

/** A Problem when it has type errors, or does not do what it promises. */
export async function proveAnswer(
  { phase, copy, promises }: Answer,
  typeErrors: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const errors = typeErrors.get(copy.folder);
  if (!errors) throw new Error(`Nobody has checked the types of ${copy.folder}.`);
  if (errors.length > 0)
    throw new Problem(`With the answer the phase does not type-check:\n${errors.join("\n")}`);
  for (const { id, outcome } of promises) await expectOutcome(copy, phase, id, outcome, "with the answer");
}

/** The diffs of a fence, by file. */
export function diffsOf(body: readonly string[], first?: string): Edit[] {
  const diffs: (Edit & { diff: string[] })[] = first ? [{ path: first, diff: [] }] : [];
  for (const line of body) {
    const path = /^\+\+\+ (?:b\/)?(\S+)$/.exec(line)?.[1];
    if (path) diffs.push({ path, diff: [] });
    else if (!line.startsWith("--- ")) diffs.at(-1)?.diff.push(line);
  }
  if (diffs.length === 0)
    throw new Problem("Name the file that it changes: <!-- answer: 5.1 src/agent.ts -->.");
  return diffs.filter(({ diff }) => diff.length > 0);
}

/**
 * `<!-- green: 6.knows-the-project,6.any-folder -->`, in a step: the checks fail with the program that the step begins
 * with, unless a block above shows that one does. The block shows that they pass with what has been typed.
 */
export async function renderGreen(block: Block, reading: Reading, scratch: Scratch, root: string) {
  const { page, phase } = reading.chapter;
  const step = stepsOn(reading).findLast(({ line }) => line < block.line);
  if (!phase || !step) throw new Problem("A check turns green in a step: ## Step 2: Title.");
  const before = await copyProgram(root, typed(reading).at(step.line));
  const shown = page.blocks.filter(
    ({ options, line }) => options === "typed" && line > step.line && line < block.line,
  );
  const isShown = (id: string) =>
    shown.some(({ text, fence }) => text.includes(`--only ${id} `) && fence?.body[1]?.startsWith("FAILED"));
  for (const id of block.text.split(/,\s*/).filter((each) => !isShown(each)))
    await expectOutcome(before, phase, id, "failed", `before step ${step.number}`);
  const text = `pnpm phase ${phase.number} check --agent phases/mine --only ${block.text}`;
  return renderRun(block, await runBlock({ ...block, text }, scratch));
}

async function expectOutcome(
  copy: PhaseCopy,
  phase: Phase,
  id: string,
  outcome: "passed" | "failed",
  when: string,
): Promise<void> {
  const ids = applicableChecks(phase.number).map((check) => check.id);
  if (!ids.includes(id))
    throw new Problem(`Phase ${phase.number} has no check ${id}. It has: ${ids.join(", ")}.`);
  const approval = phase.number >= 7 ? ["--approval", "auto"] : []; // as `pnpm phase check` starts them
  const subject = { command: [...copy.command, ...approval], dialect: "responses" } as const;
  for await (const verdict of runChecks(phase.number, subject, { only: [id] }))
    if (verdict.outcome !== outcome)
      throw new Problem(
        `${id} ${verdict.outcome} ${when}; it should have ${outcome}.\n${verdict.message ?? ""}`.trim(),
      );
}
