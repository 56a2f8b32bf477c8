/** `pnpm check --agent COMMAND`: the checks of an agent in any language, from outside. */
import { parseArgs } from "node:util";
import { endUnwritten } from "../unwritten.ts";
import { type Level, stages } from "./check.ts";
import { contract } from "./contract.ts";
import { CannotCheck, preflight } from "./preflight.ts";
import { type Format, formats, reportIn } from "./report.ts";
import { agentChecks, chosenChecks, runAgentChecks, type Verdict } from "./run.ts";
import { readSetup, SetupError } from "./setup.ts";

const help = `Checks a coding agent from the outside, keyless: any program, in any language.

pnpm check --agent COMMAND [flags]
  --agent COMMAND    how to start it; the request is added as its last argument
  --contract         what an agent must do to be checked, on one page
  --list             the checks
  --only ID          one check, such as write.crlf, or a stage: ${stages.join(", ")}
  --policy           also what careful agents do: read before they write, stay inside, stop
  --all              carry on after a stage in which a check has failed
  --hint             more about each failure, and why a check was skipped
  --jobs N           how many checks run at a time (default: 4)
  --format FORMAT    ${formats.join(", ")} (default: text)
  --watch            run again whenever a file here changes, failed checks first

Exit codes: 0 all passed · 1 a check failed · 2 wrong usage · 3 the agent cannot be checked · 4 a fault of ours
`;

process.once("SIGINT", () => process.exit(130));
process.stdout.once("error", endUnwritten);
process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`The checker itself has failed: ${error.message}\n`);
  return 4;
});

async function main(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  if (typeof flags === "string") return sayWrongUse(flags);
  if (flags.help) return print(help);
  if (flags.contract) return print(contract);
  if (flags.list) return print(agentChecks.map(({ id, title }) => `${id.padEnd(26)}${title}\n`).join(""));
  if (flags.watch) {
    const { watchAgent } = await import("./watch.ts");
    return watchAgent(flags.folder, (failed) => checkAgent(flags, failed));
  }
  return (await checkAgent(flags)).code;
}

interface Flags {
  readonly agent?: string | undefined;
  readonly only?: string | undefined;
  readonly levels: ReadonlySet<Level>;
  readonly isWhole: boolean;
  readonly isVerbose: boolean;
  readonly jobs: number;
  readonly format: Format;
  /** Where the user stands. */
  readonly folder: string;
}

/** @param failedBefore the ids of checks that come first */
async function checkAgent(
  flags: Flags,
  failedBefore: readonly string[] = [],
): Promise<{ code: number; failed: string[] }> {
  try {
    const found = await preflight(readSetup(flags.agent, flags.folder));
    const report = reportIn(flags.format, flags.isVerbose);
    process.stdout.write(report.begin(found));
    const chosen = chosenChecks(flags.levels, flags.only);
    const checks = chosen.toSorted(
      (one, other) => Number(failedBefore.includes(other.id)) - Number(failedBefore.includes(one.id)),
    );
    const verdicts: Verdict[] = [];
    for await (const verdict of runAgentChecks(found.subject, { ...flags, checks })) {
      verdicts.push(verdict);
      process.stdout.write(report.verdict(verdict));
    }
    process.stdout.write(report.end(verdicts, found));
    const failed = verdicts.filter(({ outcome }) => outcome === "failed").map(({ check }) => check.id);
    return { code: failed.length > 0 ? 1 : 0, failed };
  } catch (error) {
    if (error instanceof SetupError) return { code: sayWrongUse(error.message), failed: [] };
    if (!(error instanceof CannotCheck)) throw error;
    process.stderr.write(`The agent cannot be checked. ${error.message}\n`);
    return { code: 3, failed: [] };
  }
}

/** The flags, or what is wrong with them. */
function readFlags(argv: readonly string[]) {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...{ agent: string, only: string, jobs: string, format: string },
        ...{
          policy: boolean,
          all: boolean,
          hint: boolean,
          watch: boolean,
          contract: boolean,
          list: boolean,
          help: boolean,
        },
      },
    });
    const { agent, only, jobs = "4", format: wanted = "text", policy, all, hint, ...rest } = values;
    const format = formats.find((name) => name === wanted);
    if (format === undefined) return `There is no format ${wanted}. Choose one of: ${formats.join(", ")}.`;
    if (!/^[1-9]\d?$/.test(jobs)) return `--jobs needs a number from 1 to 99, and not ${jobs}.`;
    const levels: ReadonlySet<Level> = new Set(policy ? ["core", "policy"] : ["core"]);
    if (chosenChecks(levels, only).length === 0) return `There is no check ${only}. --list shows them all.`;
    const folder = process.env.INIT_CWD ?? process.cwd();
    return {
      ...rest,
      agent,
      only,
      levels,
      isWhole: all,
      isVerbose: hint,
      jobs: Number(jobs),
      format,
      folder,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function sayWrongUse(message: string): number {
  process.stderr.write(`${message}\nSee pnpm check --help.\n`);
  return 2;
}
