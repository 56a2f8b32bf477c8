import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { applicableChecks, runChecks } from "@eightfold/checker";
import type { Block } from "./blocks.ts";
import { copyPhase, type PhaseCopy } from "./phase-copy.ts";
import { Problem } from "./problem.ts";
import type { Chapter } from "./render.ts";
import type { Phase } from "./repo.ts";

/**
 * `<!-- break: phases/5-shell/src/agent.ts check=2.some-check -->` and a diff: the phase passes the check, and with
 * the diff it fails. Returns the broken phase.
 */
export async function breakPhase(block: Block, { phases }: Chapter, root: string): Promise<PhaseCopy> {
  const [, path = "", id = ""] = /^(\S+) check=(\S+)$/.exec(block.text) ?? [];
  const phase = phases.find(({ folder }) => path.startsWith(`${folder}/`));
  if (!phase || !block.fence)
    throw new Problem("Write it as phases/5-shell/src/agent.ts check=ID, and a diff in a fence below.");
  const copy = await copyPhase(root, phase);
  try {
    await expectOutcome(copy, phase, id, "passed", "before the diff is applied");
    await copy.edit(path.slice(phase.folder.length + 1), block.fence.body);
    await expectOutcome(copy, phase, id, "failed", "with the diff applied");
    return copy;
  } catch (error) {
    await copy[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * `<!-- answer: 5.1 src/tools/run-bash.ts check=ID -->` and a diff: it fits the phase, which still type-checks, passes
 * each `check=ID` and fails each `fails=ID`. A diff of several files names each in a line `+++ src/file.ts`.
 */
export async function proveAnswer(block: Block, { phases }: Chapter, root: string): Promise<void> {
  const [number = "", ...words] = block.text.split(/\s+/);
  const phase = phases.find((each) => each.number === Number.parseInt(number, 10));
  if (!phase || !block.fence) throw new Problem("Write it as 5.1 src/file.ts, and a diff in a fence below.");
  await using copy = await copyPhase(root, phase);
  const diffs = diffsOf(
    block.fence.body,
    words.find((word) => !word.includes("=")),
  );
  for (const { path, diff } of diffs) await copy.edit(path, diff);
  await typeCheck(copy, root);
  for (const word of words) {
    const [, verdict, id = ""] = /^(check|fails)=(.+)$/.exec(word) ?? [];
    if (verdict)
      await expectOutcome(copy, phase, id, verdict === "check" ? "passed" : "failed", "with the answer");
  }
}

/** The diffs of a fence, by file. */
export function diffsOf(body: readonly string[], first?: string): { path: string; diff: string[] }[] {
  const diffs: { path: string; diff: string[] }[] = first ? [{ path: first, diff: [] }] : [];
  for (const line of body) {
    const path = /^\+\+\+ (?:b\/)?(\S+)$/.exec(line)?.[1];
    if (path) diffs.push({ path, diff: [] });
    else if (!line.startsWith("--- ")) diffs.at(-1)?.diff.push(line);
  }
  if (diffs.length === 0)
    throw new Problem("Name the file that it changes: <!-- answer: 5.1 src/agent.ts -->.");
  return diffs.filter(({ diff }) => diff.length > 0);
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
  const subject = { command: copy.command, dialect: "responses" } as const;
  for await (const verdict of runChecks(phase.number, subject, { only: id }))
    if (verdict.outcome !== outcome)
      throw new Problem(
        `${id} ${verdict.outcome} ${when}; it should have ${outcome}.\n${verdict.message ?? ""}`.trim(),
      );
}

async function typeCheck({ folder }: PhaseCopy, root: string): Promise<void> {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
    include: ["src"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const run = promisify(execFile)(process.execPath, [tsc, "-p", folder], { cwd: folder });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const errors = stdout.split("\n").filter((line) => !line.startsWith("..")); // those of core are not the answer's
  const wrong = errors.filter((line) => line.trim() !== "");
  if (wrong.length > 0)
    throw new Problem(`With the answer the phase does not type-check:\n${wrong.join("\n")}`);
}
