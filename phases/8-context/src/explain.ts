import { parseArgs } from "node:util";
import { inspectCommand } from "@eightfold/core/shell";
import { runMain, UsageError } from "@eightfold/core/terminal";
import { openWorkspace, type Workspace } from "@eightfold/core/workspace";
import { decide } from "./permissions.ts";

const usage = `pnpm phase 7 explain [--cwd DIR] "COMMAND"   what the gate decides, and why; nothing is run
pnpm phase 7 explain [--cwd DIR] --json      the same for each line of stdin, a JSON string`;

await runMain(async () => {
  const { values, words } = readArguments();
  const [command] = words;
  if (values.json ? command !== undefined : words.length !== 1) {
    throw new UsageError(`Which command? Put it in quotes, as one word.\n${usage}`);
  }
  const workspace = await openWorkspace(values.cwd ?? process.env.INIT_CWD ?? process.cwd());
  if (command !== undefined) {
    const { decision, reason } = await explain(command, workspace);
    process.stdout.write(`${decision}: ${reason}\n`);
    return;
  }
  for await (const line of linesOfStdin()) {
    const asked = commandIn(line);
    process.stdout.write(`${JSON.stringify({ command: asked, ...(await explain(asked, workspace)) })}\n`);
  }
});

function readArguments() {
  try {
    const options = { cwd: { type: "string" }, json: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { values, words: positionals };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

async function explain(command: string, workspace: Workspace) {
  return decide(await inspectCommand(command, workspace), { approval: "ask", always: new Set() });
}

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
