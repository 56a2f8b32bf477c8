import { fstatSync } from "node:fs";
import { parseArgs } from "node:util";
import { nearest, UsageError } from "@eightfold/core";
import { openTrace } from "@eightfold/trace";
import { type AboutPhase, type Flag, helpText, placeholderOf, withExtra } from "./help.ts";
import { expectJson } from "./json-output.ts";

/** How long a pipe may say nothing before a request that has words goes on without it. */
const PATIENCE_MS = 3_000;

/** More than any model reads. */
const MAX_BYTES = 10_000_000;

export interface CommandLine {
  readonly cwd?: string;
  readonly model?: string;
  /** Absent: a conversation. */
  readonly request?: string;
}

/** The values of a phase's own flags, under their names; a flag that takes none is "" when it is there. */
type Values<Extra extends readonly Flag[]> = {
  readonly [Each in Extra[number] as Each["name"]]?: Each extends { choices: readonly (infer Choice)[] }
    ? Choice
    : string;
};

/**
 * What the user asked for: the flags, and the request from the words and from a piped stdin. Answers `--help` and exits;
 * starts the trace for `--trace`. Throws a UsageError for a wrong flag, and when a request is needed and there is none.
 * @param extra the phase's own flags
 */
export async function readCommandLine<const Extra extends readonly Flag[] = []>(
  about: AboutPhase,
  extra?: Extra,
): Promise<CommandLine & Values<Extra>> {
  const flags = withExtra(extra ?? []);
  const tokens = tokensOf(process.argv.slice(2), flags);
  const options = tokens.filter((token) => token.kind === "option");
  if (asksForJson(options, flags)) expectJson(about.phase);
  const values = Object.fromEntries(options.map((option) => [option.name, flagValue(option, flags)]));
  if (values.help !== undefined) {
    await new Promise((resolve) => process.stdout.write(helpText(about, flags), resolve));
    process.exit(0);
  }
  if (values.trace !== undefined) openTrace(values.trace, about, values.cwd);
  const alone = flags.some((flag) => flag.alone && values[flag.name] !== undefined);
  const words = tokens.flatMap((token) => (token.kind === "positional" ? token.value : []));
  const request = alone ? undefined : await readRequest(words.join(" ").trim());
  return { ...(values as Values<Extra>), ...(request !== undefined && { request }) };
}

function tokensOf(args: string[], flags: readonly Flag[]) {
  const options = flags.map((flag) => {
    const type = placeholderOf(flag) ? ("string" as const) : ("boolean" as const);
    return [flag.name, { type, ...(flag.name === "help" && { short: "h" }) }] as const;
  });
  const mayLackValue = (arg: string) =>
    flags.some(({ name, value }) => arg === `--${name}` && value?.[0] === "[");
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const given = args.map((arg, at) =>
    at < end && mayLackValue(arg) && (args[at + 1] ?? "-").startsWith("-") ? `${arg}=` : arg,
  );
  const config = { args: given, strict: false, allowPositionals: true, tokens: true } as const;
  return parseArgs({ ...config, options: Object.fromEntries(options) }).tokens;
}

type Option = Extract<ReturnType<typeof tokensOf>[number], { kind: "option" }>;

/** Read before anything else, because what is wrong with the rest is reported in JSON too. */
function asksForJson(options: readonly Option[], flags: readonly Flag[]): boolean {
  const canDo = flags.some(({ name, choices }) => name === "output" && choices?.includes("json"));
  return canDo && options.some(({ rawName, value }) => rawName === "--output" && value === "json");
}

/** The flag's value, "" for a flag that takes none. */
function flagValue({ name, rawName, value, inlineValue }: Option, flags: readonly Flag[]): string {
  const flag = flags.find((each) => each.name === name && [`--${name}`, "-h"].includes(rawName));
  if (!flag) throw new UsageError(unknownFlag(rawName, flags));
  const wanted = placeholderOf(flag);
  if (!wanted) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    return "";
  }
  if (value === "" && wanted.startsWith("[")) return "";
  if (!value || (!inlineValue && value.startsWith("-"))) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${wanted}`);
  }
  if (flag.choices && !flag.choices.includes(value)) {
    throw new UsageError(wrongChoice(rawName, value, flag.choices));
  }
  if (wanted === "N" && !/^[1-9]\d*$/.test(value)) {
    throw new UsageError(`${rawName} is ${value}, but must be a whole number, 1 or more.`);
  }
  return value;
}

function wrongChoice(rawName: string, value: string, choices: readonly string[]): string {
  const meant = nearest(value.toLowerCase(), choices);
  const list = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(choices);
  return `${rawName} is ${value}, but must be ${list}.${meant ? ` Did you mean ${meant}?` : ""}`;
}

function unknownFlag(rawName: string, flags: readonly Flag[]): string {
  const names = flags.map(({ name }) => name);
  const meant = nearest(rawName.replace(/^-+/, ""), names);
  const advice = meant ? `Did you mean --${meant}?` : "--help lists the flags.";
  return `There is no flag ${rawName}. ${advice} A request with dashes in it goes after --.`;
}

/**
 * The request: the words, what is piped in, or both, the words first. Undefined without either, on a terminal.
 *
 * Without words, stdin is the request and is read to its end. With words, only a file or a pipe that the user
 * put there is read: programs start their children with a socket that says nothing and never ends.
 */
async function readRequest(words: string): Promise<string | undefined> {
  if (process.stdin.isTTY) return words || undefined;
  if (words && !isFileOrPipe()) return words;
  const patience = words ? setTimeout(goOnWithoutStdin, PATIENCE_MS) : undefined;
  process.stdin.once("readable", () => clearTimeout(patience));
  const piped = await readAll();
  clearTimeout(patience);
  if (!words && !piped) {
    throw new UsageError("There is no request: stdin is empty. Give one as words, or start in a terminal.");
  }
  return [words, piped].filter((text) => text !== "").join("\n\n");
}

function isFileOrPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFile() || stdin.isFIFO();
  } catch {
    return false; // closed
  }
}

function goOnWithoutStdin(): void {
  process.stderr.write(`Nothing came on stdin for ${PATIENCE_MS / 1000} s: continuing without it.\n`);
  process.stdin.destroy();
}

/** All of stdin, trimmed; what had come when it is destroyed or fails. */
async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    // A closed or broken stdin says no more.
  }
  if (bytes > MAX_BYTES) {
    throw new UsageError(
      `stdin is over ${MAX_BYTES / 1_000_000} MB. Save it as a file in the workspace and ask about that.`,
    );
  }
  return Buffer.concat(chunks).toString("utf8").trim();
}
