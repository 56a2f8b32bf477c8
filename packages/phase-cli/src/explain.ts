import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { UsageError } from "@eightfold/core";
import { CommandError, type Phase } from "./phases.ts";

const usage = `pnpm phase 7 explain [--cwd DIR] "COMMAND"   what the gate decides, and why; nothing is run
pnpm phase 7 explain [--cwd DIR] --json      the same for each line of stdin, a JSON string`;

type Explain = (command: string, folder: string) => Promise<{ decision: string; reason: string }>;

/** Says what a phase's gate decides: on one command of the command line, or with --json on those of stdin. */
export async function explain(phase: Phase, words: readonly string[]): Promise<void> {
  const { values, positionals } = readWords(words);
  const [command] = positionals;
  if (positionals.length !== (values.json ? 0 : 1))
    throw new CommandError(`Which command? Put it in quotes, as one word.\n${usage}`);
  const ask = await gateOf(phase);
  const folder = values.cwd ?? process.cwd();
  if (command !== undefined) {
    const { decision, reason } = await ask(command, folder);
    process.stdout.write(`${decision}: ${reason}\n`);
    return;
  }
  for await (const line of linesOfStdin()) {
    const asked = commandIn(line);
    const answer = { command: asked, ...(await ask(asked, folder)) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

/** Each phase from 7 on exports its own `explain`. What is wrong with the folder is the user's to fix. */
async function gateOf(phase: Phase): Promise<Explain> {
  const file = join(phase.folder, "src/explain.ts");
  if (!existsSync(file))
    throw new CommandError(`Phase ${phase.number} has no explain: phase 7 is the first.`);
  const { explain } = (await import(pathToFileURL(file).href)) as { explain: Explain };
  return (command, folder) =>
    explain(command, folder).catch((error: Error) => {
      throw error instanceof UsageError ? new CommandError(error.message) : error;
    });
}

function readWords(words: readonly string[]) {
  try {
    const options = { cwd: { type: "string" }, json: { type: "boolean" } } as const;
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${usage}`);
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
  throw new CommandError(
    `A line of stdin must be a JSON string, such as "git push". This one is not: ${line}`,
  );
}
