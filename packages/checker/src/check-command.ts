import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import { dialects } from "@eightfold/wire";
import type { Subject } from "./check.ts";
import { phaseSubject } from "./phase-subject.ts";
import { applicableChecks, runChecks, type Verdict } from "./run-checks.ts";
import { fromFolder } from "./suite/setup.ts";

const help = (phase: number) => `Checks an agent against all that phase ${phase} promises, from the outside.

pnpm phase ${phase} check [flags]
  --only ID,ID      run these checks, such as ${applicableChecks(phase).at(-1)?.id}
  --provider NAME   ${dialects.join(", ")}; default: responses
  --agent COMMAND   check your own agent: a command, to which --cwd DIR${phase >= 7 ? ", --approval auto" : ""} and the request are
                    added; or a folder, such as phases/mine, whose src/main.ts is started
`;

/**
 * `pnpm phase N check`: prints a line a check and returns the exit code: 0 when all passed, 1 when one failed, 2 for
 * wrong usage.
 */
export async function checkCommand(phase: number, argv: readonly string[]): Promise<number> {
  const flags = readFlags(phase, argv);
  if (typeof flags === "string") return sayWrongUse(flags);
  if (flags.help) {
    process.stdout.write(help(phase));
    return 0;
  }
  const { agent, dialect } = flags;
  const folder = process.env.INIT_CWD ?? process.cwd();
  const command = agent === undefined ? undefined : ownCommand(agent, folder, phase);
  if (typeof command === "string") return sayWrongUse(command);
  const subject: Subject = command ? { command, dialect } : await phaseSubject(phase, dialect);

  process.once("SIGINT", () => process.exit(130));
  process.stdout.once("error", () => process.exit(141)); // nobody reads on: `| head`
  const count = { passed: 0, failed: 0 };
  for await (const verdict of runChecks(phase, subject, {
    only: flags.only,
    ours: flags.agent === undefined,
  })) {
    count[verdict.outcome] += 1;
    process.stdout.write(verdictLines(verdict));
  }
  process.stdout.write(`\n${count.passed} of ${count.passed + count.failed} checks passed.\n`);
  return count.failed === 0 ? 0 : 1;
}

/** The flags, or what is wrong with them. */
function readFlags(phase: number, argv: readonly string[]) {
  const string = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { only: string, provider: string, agent: string, help: { type: "boolean" } },
    });
    const { provider = "responses", only, agent, help = false } = values;
    const dialect = dialects.find((name) => name === provider);
    if (dialect === undefined) {
      return `There is no provider ${provider}. Choose one of: ${dialects.join(", ")}.`;
    }
    const ids = applicableChecks(phase).map(({ id }) => id);
    const wanted = only?.split(",");
    const unknown = wanted?.find((id) => !ids.includes(id));
    if (unknown !== undefined)
      return `Phase ${phase} has no check ${unknown}. It has:\n${ids.map((id) => `  ${id}`).join("\n")}`;
    return { dialect, only: wanted, agent, help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sayWrongUse(message: string): number {
  process.stderr.write(`${message}\nSee --help.\n`);
  return 2;
}

/**
 * How an agent of the reader's is started. A command is read as a shell reads it, with `exec`, so that signals reach the
 * agent itself. Its program and its files are looked up here: in a check the agent starts in the workspace, and may have no
 * PATH. Returns what is wrong with it.
 */
function ownCommand(agent: string, folder: string, phase: number): string[] | string {
  const approval = phase >= 7 ? ["--approval", "auto"] : []; // as for ours: nobody answers in a check
  const main = join(resolve(folder, agent), "src/main.ts");
  if (existsSync(main)) return [process.execPath, main, ...approval];
  let words: string;
  try {
    words = fromFolder(agent, folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [program = ""] = words.split(" ");
  const { stdout } = spawnSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", program], { encoding: "utf8" });
  const found = stdout.trim();
  const command = found.startsWith("/") ? `"$0"${words.slice(program.length)}` : words;
  return ["/bin/sh", "-c", `exec ${command} "$@"`, found, ...approval];
}

/** A line of at most 80 columns; of a failure also its id and, indented, what was expected and seen. */
function verdictLines({ check, outcome, message }: Verdict): string {
  const [colour, mark] = outcome === "passed" ? (["green", "ok"] as const) : (["red", "FAILED"] as const);
  const line = `${styleText(colour, mark.padEnd(6), { stream: process.stdout })}  ${check.title}`;
  if (message === undefined) return `${line}\n`;
  const reason = `--only ${check.id}\n${message}`.replaceAll(/^/gm, "        ");
  return `${line}\n${reason}\n\n`;
}
