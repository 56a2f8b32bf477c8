import type { Block } from "./blocks.ts";
import { breakPhase, proveAnswer } from "./exercises.ts";
import type { PhaseCopy } from "./phase-copy.ts";
import { Problem } from "./problem.ts";
import { failureOf, type Reading, slowKinds } from "./reading.ts";
import { renderRun } from "./run-block.ts";
import { openScratch, type Scratch } from "./scratch.ts";
import { runInTerminal } from "./screen.ts";
import { commandsOf } from "./shell-fences.ts";
import { renderWire } from "./wire-block.ts";

export type Job = () => Promise<void>;

/** What needs processes, as jobs that may go side by side: they add to the reading. */
export function slowJobs(reading: Reading, root: string): Job[] {
  const { page } = reading.chapter;
  const chains = chainsOf(page.blocks.filter(({ kind }) => slowKinds.includes(kind)));
  const commands = commandsOf(page).map(({ command, line }) => async () => {
    await using scratch = await openScratch(root);
    try {
      await tryCommand(command, scratch);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      reading.failures.push({ chapter: page.path, line, block: command, message: error.message });
    }
  });
  return [...chains.map((chain) => () => runChain(chain, reading, root)), ...commands];
}

/** A block that goes on where another ended comes behind it. */
export function chainsOf(blocks: readonly Block[]): Block[][] {
  const chains: Block[][] = [];
  for (const block of blocks) {
    const goesOn = /\b(?:same folder|broken)\b/.test(block.options);
    const chain = chains.at(-1);
    if (goesOn && chain) chain.push(block);
    else chains.push([block]);
  }
  return chains;
}

async function runChain(chain: readonly Block[], reading: Reading, root: string): Promise<void> {
  const { chapter, rendered, failures } = reading;
  let broken: PhaseCopy | undefined;
  let scratch: Scratch | undefined;
  for (const block of chain) {
    try {
      if (block.kind === "break") {
        broken = await breakPhase(block, chapter, root);
      } else if (block.kind === "answer") {
        await proveAnswer(block, chapter, root);
      } else {
        if (/\bbroken\b/.test(block.options) && !broken)
          throw new Problem("No break block above it has worked.");
        scratch ??= await openScratch(root, broken?.command.join(" "));
        rendered.set(block, await (block.kind === "wire" ? renderWire : renderRun)(block, scratch));
      }
    } catch (error) {
      failures.push(failureOf(chapter.page, block, error));
    }
  }
  await Promise.all([broken, scratch].map((each) => each?.[Symbol.asyncDispose]()));
}

/** Runs all jobs, so many at a time. */
export async function sideBySide(jobs: readonly Job[], count: number): Promise<void> {
  const left = [...jobs];
  const work = async () => {
    for (let job = left.shift(); job; job = left.shift()) await job();
  };
  await Promise.all(Array.from({ length: count }, work));
}

/** Runs a command, and leaves the agent it may start. A Problem when it fails. */
async function tryCommand(command: string, { folder, env }: Scratch): Promise<void> {
  const { screen, exitCode } = await runInTerminal(command, [{ press: "\x04" }], folder, env);
  if (exitCode !== 0)
    throw new Problem(
      `It ends with exit ${exitCode}. If it cannot run here, write \`\`\`sh no-run.\n${screen}`,
    );
}
