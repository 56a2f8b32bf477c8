/** What a command would do. */
import { parseArgs } from "node:util";
import { type CommandPlan, UsageError } from "@eightfold/core";
import { openWorkspace, type Workspace } from "@eightfold/workspace";

/**
 * Finds out whether a command only reads, and only in the workspace, without running any of it. What cannot be proved
 * is "unproved"; few things are a "catastrophe". It is no sandbox: what a reading program itself may do wrong stays.
 */
export async function inspectCommand(command: string, workspace: Workspace): Promise<CommandPlan> {
  const { inspectCommand } = await import("./inspect.ts"); // with unbash and the tables: it costs a start 20 ms
  return inspectCommand(command, workspace);
}

const usage = `pnpm phase 7 explain [--cwd DIR] "COMMAND"   what the gate decides, and why; nothing is run
pnpm phase 7 explain [--cwd DIR] --json      the same for each line of stdin, a JSON string`;

/** The program behind `pnpm phase 7 explain`: one command of the command line, or with --json those of stdin. */
export async function explainCommands(
  explain: (command: string, workspace: Workspace) => Promise<{ decision: string; reason: string }>,
): Promise<void> {
  const { values, positionals } = readArguments();
  const [command] = positionals;
  if (positionals.length !== (values.json ? 0 : 1))
    throw new UsageError(`Which command? Put it in quotes, as one word.\n${usage}`);
  const workspace = await openWorkspace(values.cwd ?? process.env.INIT_CWD ?? process.cwd());
  if (command !== undefined) {
    const { decision, reason } = await explain(command, workspace);
    process.stdout.write(`${decision}: ${reason}\n`);
    return;
  }
  for await (const line of linesOfStdin()) {
    const asked = commandIn(line);
    const answer = { command: asked, ...(await explain(asked, workspace)) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

function readArguments() {
  try {
    const options = { cwd: { type: "string" }, json: { type: "boolean" } } as const;
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** Each as soon as it is there: whoever asks may wait for the answer before the next. */
async function* linesOfStdin(): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest) yield rest;
}

function commandIn(line: string): string {
  try {
    const command: unknown = JSON.parse(line);
    if (typeof command === "string") return command;
  } catch {
    // Said below.
  }
  throw new UsageError(`A line of stdin must be a JSON string, such as "git push". This one is not: ${line}`);
}
