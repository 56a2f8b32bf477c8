import { once } from "node:events";
import { existsSync, realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { CommandError, findPhases, type Phase, phaseNumbered, repoRoot } from "./phases.ts";

const usage = `Eightfold: build a coding agent in eight phases.

pnpm phase list                    list the phases, what each adds, its size
pnpm phase 5 start                 start phase 5's agent on a playground copy
pnpm phase 5 start --cwd DIR "…"   do one request in your own project, and exit
pnpm phase 5 start --help          list every flag of that agent
pnpm phase 5 start --inspect       start it with a page that shows each request
pnpm phase inspect FILE            show that page for a file that --trace wrote
pnpm phase 5 diff [FILE]           show what phase 5 adds to phase 4
pnpm phase diff 2 5 [FILE]         show what changed between two phases
pnpm phase 5 test                  run its tests; more words go to vitest
pnpm phase 5 check                 check from outside what its agent must do
pnpm phase 5 step                  list the steps of chapter 5, and their checks
pnpm phase 5 step 3 --into DIR     put the program after step 3 in a new folder
pnpm phase 5 step 3 --mine DIR     compare what you have typed with it
pnpm phase 7 explain "git push"    say what its gate decides, and why
pnpm phase serve node mine.mjs     run your program against the demo model
pnpm phase check-provider FILE     check a provider that you wrote
pnpm phase carry FILE              copy an edit to the phases that carry FILE
`;

/** Carries out `pnpm phase` with the words after it. Sets the exit code; a mistake in the words is 2. */
export async function phaseCommand(words: readonly string[]): Promise<void> {
  try {
    standWhereTheUserStands();
    if (words[1] !== "start") await watchPrinted(); // an agent sees to it itself
    await dispatch(words);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

async function watchPrinted(): Promise<void> {
  const { endUnwritten } = await import("@eightfold/checker/unwritten");
  process.stdout.once("error", endUnwritten);
}

/**
 * pnpm runs a script in the folder of its package. Paths that the user types are meant from where pnpm was called. A
 * script of another project that names our main.js stays in its own folder, and so does a shell that such a script opened.
 */
function standWhereTheUserStands(): void {
  const { INIT_CWD, npm_lifecycle_event = "", npm_package_json = "" } = process.env;
  const here = inFolder(() => process.cwd());
  const isOurs = /^(phases.[^/\\]+)?$/.test(relative(repoRoot, here)) && existsSync(npm_package_json);
  if (!isOurs || realpathSync(npm_package_json) !== join(here, "package.json")) return;
  if (INIT_CWD && /^(phase|start)$/.test(npm_lifecycle_event)) inFolder(() => process.chdir(INIT_CWD));
}

function inFolder<Result>(use: () => Result): Result {
  try {
    return use();
  } catch {
    throw new CommandError("The folder that you are in is gone. Change to one that exists, and start again.");
  }
}

// Each command is loaded when it is asked for: the way to a phase's prompt stays short.
async function dispatch([command = "--help", ...words]: readonly string[]): Promise<void> {
  const phases = findPhases(repoRoot);
  if (/^(\d+|last)$/.test(command)) return onePhase(phaseNumbered(command, phases), words, phases);

  switch (command) {
    case "--help":
    case "-h":
      process.stdout.write(usage);
      return;
    case "list":
      return (await import("./show.ts")).list(phases);
    case "diff": {
      const [before, after, file] = words;
      if (!before || !after) throw new CommandError("Which two phases? Such as pnpm phase diff 4 5.");
      const { diff } = await import("./show.ts");
      return diff(phaseNumbered(before, phases), phaseNumbered(after, phases), file);
    }
    case "inspect":
      return (await import("./inspect.ts")).inspect(words);
    case "serve":
      return (await import("./serve.ts")).serve(words);
    case "check-provider":
      process.exitCode = await (await import("./check-provider/command.ts")).checkProvider(words);
      return;
    case "carry": {
      const [file] = words;
      if (!file)
        throw new CommandError("Which file? Such as pnpm phase carry phases/2-read-tool/src/agent.ts.");
      const { carry } = await import("./carry.ts");
      return carry(resolve(file), phases);
    }
    default:
      return unknown(command, words);
  }
}

async function onePhase(
  phase: Phase,
  [command, ...words]: readonly string[],
  phases: Phase[],
): Promise<void> {
  switch (command) {
    case "start":
      if (isInspected(words)) return (await import("./inspect.ts")).startInspected(phase, words);
      return (await import("./start.ts")).start(phase, words);
    case "explain":
      return (await import("./explain.ts")).explain(phase, words);
    case "diff": {
      const { diff } = await import("./show.ts");
      return diff(phases[phases.indexOf(phase) - 1], phase, words[0]);
    }
    case "test":
      process.exitCode = await runTests(phase, words);
      return;
    case "check": {
      const { checkCommand } = await import("@eightfold/checker");
      process.exitCode = await checkCommand(phase.number, words);
      return;
    }
    case "step":
      process.exitCode = await (await import("./step.ts")).step(phase, words);
      return;
    case undefined:
      throw new CommandError(`What should phase ${phase.number} do? start, test, check, step or diff.`);
    default:
      return unknown(command, words, phase);
  }
}

/** A flag of ours, not of the agent's; behind `--` it is a word of the request. */
function isInspected(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? undefined : end).includes("--inspect");
}

/**
 * Runs vitest in the phase's folder, on this terminal; `args` go to vitest. Returns its exit code. The results
 * that `pnpm test` adds up are left as they are.
 */
async function runTests(phase: Phase, args: readonly string[]): Promise<number> {
  const { spawn } = await import("node:child_process");
  const vitest = join(repoRoot, "node_modules/vitest/vitest.mjs");
  const config = join(repoRoot, "vitest.config.ts");
  const child = spawn(process.execPath, [vitest, "run", "--config", config, "--reporter=default", ...args], {
    cwd: phase.folder,
    stdio: "inherit",
  });
  process.on("SIGINT", () => {}); // the terminal sends it to vitest too, which stops by itself
  const [code] = await once(child, "exit");
  return code ?? 1;
}

/** Throws the CommandError for a command there is none of. It says what was meant, in the order it should be typed. */
async function unknown(command: string, words: readonly string[], phase?: Phase): Promise<never> {
  const { nearest } = await import("@eightfold/core");
  const commands = ["list", "carry", "check-provider", "diff", "inspect", "serve", ...phaseCommands];
  const begun = commands.filter((name) => name.startsWith(command));
  const meant = begun.length === 1 ? begun[0] : nearest(command, commands);
  const number = phase?.number ?? words.find((word) => /^\d+$/.test(word)) ?? 5;
  const whole = meant && phaseCommands.includes(meant) ? `${number} ${meant}` : meant;
  const hint = whole ? `Did you mean pnpm phase ${whole}?` : "See pnpm phase --help.";
  throw new CommandError(`pnpm phase has no command "${command}". ${hint}`);
}

const phaseCommands = ["start", "test", "check", "explain", "step"];
