import type { Block } from "./blocks.ts";
import { type Answer, breakPhase, openAnswer, proveAnswer, renderGreen } from "./exercises.ts";
import { typed } from "./follower.ts";
import { copyProgram, type PhaseCopy } from "./phase-copy.ts";
import { Problem } from "./problem.ts";
import { failureOf, type Reading, slowKinds } from "./reading.ts";
import { renderRun, runBlock } from "./run-block.ts";
import { openScratch, type Scratch, setDesk } from "./scratch.ts";
import { runInTerminal, type Session } from "./screen.ts";
import { commandsOf } from "./shell-fences.ts";
import { type Step, stepsOn } from "./steps.ts";
import { typeErrors } from "./type-check.ts";
import { renderWire } from "./wire-block.ts";

/** Most of a job's time is another process's, or a wait. */
const SIDE_BY_SIDE = 4;

type Job = () => Promise<void>;

/** What the jobs of all pages share, so that nothing is done twice. */
interface Shared {
  readonly root: string;
  readonly answers: ReadonlyMap<Block, Answer>;
  readonly errors: Promise<ReadonlyMap<string, readonly string[]>>;
  /** What a terminal shows of a text that is run in a clone of its own. */
  readonly sessions: Map<string, Promise<Session>>;
}

/** Runs what these pages need processes for: it adds to the readings. */
export async function runSlow(readings: readonly Reading[], root: string): Promise<void> {
  const answers = await openAnswers(readings, root);
  const steps = await copySteps(readings, root);
  const copies = [...answers.values()].map(({ copy }) => copy);
  const errors = typeErrors(
    root,
    [...copies, ...steps.values()].map(({ folder }) => folder),
  );
  const shared: Shared = { root, answers, errors, sessions: new Map() };
  const chains = readings.flatMap((reading) => {
    const slow = reading.chapter.page.blocks.filter(({ kind }) => slowKinds.includes(kind));
    return chainsOf(slow).map((chain) => ({ chain, reading }));
  });
  const known = new Set(chains.flatMap(({ chain }) => loneRun(chain)?.text ?? []));
  const commands = readings.flatMap((reading) =>
    commandsOf(reading.chapter.page)
      .filter(({ command }) => !known.has(command)) // as a block it has to end well too
      .map((command) => () => tryCommand(command, reading, root)),
  );
  const beginning = (...kinds: string[]) =>
    chains
      .filter(({ chain: [block] }) => block && kinds.includes(block.kind))
      .map(
        ({ chain, reading }) =>
          () =>
            runChain(chain, reading, shared),
      );
  // What is broken makes its check wait to the end of its patience; what is answered waits for the types.
  const jobs = [
    ...beginning("break"),
    ...commands,
    ...beginning("green"),
    ...beginning("run", "wire"),
    ...beginning("answer"),
  ];
  await Promise.all([errors, sideBySide(jobs)]);
  for (const [{ page, line, number }, { folder }] of steps) {
    const found = (await errors).get(folder) ?? [];
    const message = `The program after step ${number} does not type-check:\n${found.join("\n")}`;
    const reading = readings.find(({ chapter }) => chapter.page.path === page);
    if (found.length > 0) reading?.failures.push({ chapter: page, line, block: "step", message });
  }
}

/** What a reader has after each step. */
async function copySteps(readings: readonly Reading[], root: string): Promise<Map<Step, PhaseCopy>> {
  const steps = readings.flatMap((reading) => (reading.chapter.phase ? stepsOn(reading) : []));
  const copies = steps.map(async (step) => [step, await copyProgram(root, step.program)] as const);
  return new Map(await Promise.all(copies));
}

async function openAnswers(readings: readonly Reading[], root: string): Promise<Map<Block, Answer>> {
  const answers = new Map<Block, Answer>();
  for (const { chapter, failures } of readings) {
    for (const block of chapter.page.blocks.filter(({ kind }) => kind === "answer")) {
      try {
        answers.set(block, await openAnswer(block, chapter, root));
      } catch (error) {
        failures.push(failureOf(chapter.page, block, error));
      }
    }
  }
  return answers;
}

/** A block that goes on where another ended comes behind it; those of the reader's program in between are passed over. */
export function chainsOf(blocks: readonly Block[]): Block[][] {
  const chains: Block[][] = [];
  const isMine = ([block]: readonly Block[]) => block?.kind === "green" || block?.options.includes("typed");
  for (const block of blocks) {
    const goesOn = /\b(?:same folder|broken)\b/.test(block.options);
    const chain = goesOn ? chains.findLast((each) => !isMine(each)) : undefined;
    if (chain) chain.push(block);
    else chains.push([block]);
  }
  return chains;
}

/** The only block of a chain, when it runs in a fresh clone and ends with exit 0: it does the same wherever it stands. */
function loneRun([block, ...more]: readonly Block[]): Block | undefined {
  return block?.kind === "run" && block.options === "" && more.length === 0 ? block : undefined;
}

async function runChain(chain: readonly Block[], reading: Reading, shared: Shared): Promise<void> {
  const { chapter, rendered, failures } = reading;
  const { root, answers, errors, sessions } = shared;
  let broken: PhaseCopy | undefined;
  let scratch: Scratch | undefined;
  for (const [at, block] of chain.entries()) {
    try {
      if (block.kind === "break") {
        broken = await breakPhase(block, chain[at + 1], chapter, root);
      } else if (block.kind === "answer") {
        const answer = answers.get(block);
        if (answer) await proveAnswer(answer, await errors);
      } else if (loneRun(chain)) {
        const session = sessions.get(block.text) ?? runAlone(block, root);
        sessions.set(block.text, session);
        rendered.set(block, renderRun(block, await session));
      } else {
        if (/\bbroken\b/.test(block.options) && !broken)
          throw new Problem("No break block above it has worked.");
        scratch ??= await openScratch(root, broken?.command.join(" "));
        if (/\btyped\b/.test(block.options) || block.kind === "green")
          await setDesk(scratch, await copyProgram(root, typed(reading).at(block.line)));
        rendered.set(block, await renderProcess(block, reading, scratch, root));
      }
    } catch (error) {
      failures.push(failureOf(chapter.page, block, error));
    }
  }
  await scratch?.[Symbol.asyncDispose]();
}

async function renderProcess(block: Block, reading: Reading, scratch: Scratch, root: string) {
  if (block.kind === "wire") return await renderWire(block, scratch);
  if (block.kind === "green") return await renderGreen(block, reading, scratch, root);
  return renderRun(block, await runBlock(block, scratch));
}

async function runAlone(block: Block, root: string): Promise<Session> {
  await using scratch = await openScratch(root);
  return await runBlock(block, scratch);
}

async function sideBySide(jobs: readonly Job[]): Promise<void> {
  const left = [...jobs];
  const work = async () => {
    for (let job = left.shift(); job; job = left.shift()) await job();
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}

/** Runs a command, and leaves the agent it may start. It has to end well. */
async function tryCommand(
  { command, line }: ReturnType<typeof commandsOf>[number],
  { chapter, failures }: Reading,
  root: string,
): Promise<void> {
  await using scratch = await openScratch(root);
  const fail = (message: string) =>
    failures.push({ chapter: chapter.page.path, line, block: command, message });
  try {
    const { screen, exitCode } = await runInTerminal(
      command,
      [{ press: "\x04" }],
      scratch.folder,
      scratch.env,
    );
    if (exitCode !== 0)
      fail(`It ends with exit ${exitCode}. If it cannot run here, write \`\`\`sh no-run.\n${screen}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    fail(error.message);
  }
}
