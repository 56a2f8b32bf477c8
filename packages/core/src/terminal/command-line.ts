import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";
import type { AboutPhase } from "./about-phase.ts";
import { flags, helpText } from "./help.ts";
import { nearest } from "./nearest.ts";
import { readRequest } from "./piped-request.ts";

export interface CommandLine {
  readonly cwd?: string;
  readonly model?: string;
  /** Absent: a conversation. */
  readonly request?: string;
}

/**
 * What the user asked for: the flags, and the request from the words and from a piped stdin. `--help` is
 * answered here, and exits. Throws a UsageError for a flag that is unknown or lacks its value, and when neither
 * the words nor stdin hold a request.
 */
export async function readCommandLine(about: AboutPhase): Promise<CommandLine> {
  const { values, words } = parse(process.argv.slice(2));
  if (values.help !== undefined) await exitWithHelp(about);
  const request = await readRequest(words.join(" ").trim());
  return { ...values, ...(request !== undefined && { request }) };
}

function parse(args: string[]) {
  const options = Object.fromEntries(
    flags.map(({ name, value }) => [name, { type: value ? ("string" as const) : ("boolean" as const) }]),
  );
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const values: Partial<Record<string, string>> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind === "option") values[token.name] = flagValue(token);
  }
  return { values, words };
}

interface FlagToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** The flag's value, "" for a flag that takes none. */
function flagValue({ name, rawName, value, inlineValue }: FlagToken): string {
  const flag = flags.find((each) => each.name === name && rawName === `--${name}`);
  if (!flag) throw new UsageError(unknownFlag(rawName));
  if (!flag.value) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    return "";
  }
  if (!value || (!inlineValue && value.startsWith("-"))) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`);
  }
  return value;
}

function unknownFlag(rawName: string): string {
  const meant = nearest(
    rawName.replace(/^-+/, ""),
    flags.map(({ name }) => name),
  );
  const advice = meant ? `Did you mean --${meant}?` : "--help lists the flags.";
  return `There is no flag ${rawName}. ${advice} A request with dashes in it goes after --.`;
}

async function exitWithHelp(about: AboutPhase): Promise<never> {
  await new Promise((resolve) => process.stdout.write(helpText(about), resolve));
  process.exit(0);
}
