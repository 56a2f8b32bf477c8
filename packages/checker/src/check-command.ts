import { parseArgs, styleText } from "node:util";
import { dialects } from "@eightfold/wire";
import type { Subject } from "./check.ts";
import { ownCommand, phaseSubject } from "./phase-subject.ts";
import { applicableChecks, runChecks, type Verdict } from "./run-checks.ts";
import { endUnwritten } from "./unwritten.ts";

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
  process.stdout.once("error", endUnwritten);
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

/** A line of at most 80 columns; of a failure also its id and, indented, what was expected and seen. */
function verdictLines({ check, outcome, message }: Verdict): string {
  const [colour, mark] = outcome === "passed" ? (["green", "ok"] as const) : (["red", "FAILED"] as const);
  const line = `${styleText(colour, mark.padEnd(6), { stream: process.stdout })}  ${check.title}`;
  if (message === undefined) return `${line}\n`;
  const reason = `--only ${check.id}\n${message}`.replaceAll(/^/gm, "        ");
  return `${line}\n${reason}\n\n`;
}
