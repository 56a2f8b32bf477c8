import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { wrap } from "./width.ts";

export interface AboutPhase {
  /** The folder's name: "5-shell". */
  readonly phase: string;
  readonly title: string;
  readonly summary: string;
}

/** What a phase's package.json says of it, so that the same main.ts serves every phase. Takes main.ts's import.meta.url. */
export function aboutPhase(mainUrl: string): AboutPhase {
  const folder = dirname(dirname(fileURLToPath(mainUrl)));
  const manifest = readFileSync(join(folder, "package.json"), "utf8");
  const { eightfold }: { eightfold: AboutPhase } = JSON.parse(manifest);
  return { phase: basename(folder), title: eightfold.title, summary: eightfold.summary };
}

/** A help is also read in a pipe: it fits the narrowest of the usual windows. */
const COLUMNS = 80;

export interface Flag {
  readonly name: string;
  /** What stands for its value, when it takes one; `N` is a whole number from 1, and `[ID]` may be left out. */
  readonly value?: string;
  /** The only values that it may have. */
  readonly choices?: readonly string[];
  /** It is all that is wanted: no request goes with it. */
  readonly alone?: true;
  readonly text: string;
}

/** What a user types to start a phase: `eightfold` says so when it was that. */
const startOf = (number: string, pnpm = "pnpm") =>
  process.env.EIGHTFOLD_PROGRAM ?? `${pnpm} phase ${number} start`;

/** What a user pastes into a shell, wherever that is, to start a phase with these words. */
export function commandLine(phase: number, words: readonly string[]): string {
  const repository = resolve(fileURLToPath(import.meta.url), "../../../..");
  const pnpm = process.cwd() === repository ? "pnpm" : `pnpm -C ${quoted(repository)}`;
  return [startOf(String(phase), pnpm), ...words.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The flags of every phase, and those that one has beside them. */
export const withExtra = (extra: readonly Flag[]): Flag[] => [
  { name: "cwd", value: "DIR", text: `the folder to work in (default: ${defaultFolder()})` },
  {
    name: "model",
    value: "PROVIDER[:NAME]",
    text: "openai, anthropic, gemini, ollama, demo, replay:FILE or a file",
  },
  { name: "trace", value: "FILE", text: "record everything sent and done, for pnpm phase inspect" },
  ...extra,
  { name: "help", text: "print this text" },
];

const environment = [
  ["OPENAI_API_KEY", "use OpenAI"],
  ["OPENAI_BASE_URL", "another server that speaks OpenAI's protocol"],
  ["OPENAI_API", "chat or responses (default: by the base URL)"],
  ["ANTHROPIC_API_KEY", "use Anthropic; ANTHROPIC_AUTH_TOKEN does too"],
  ["ANTHROPIC_BASE_URL", "another address for Anthropic"],
  ["GEMINI_API_KEY", "use Gemini; GOOGLE_API_KEY does too"],
  ["GOOGLE_GEMINI_BASE_URL", "another address for Gemini"],
  ["OLLAMA_HOST", "where Ollama listens"],
  ["OLLAMA_CONTEXT", "tokens of context to ask Ollama for"],
  ["EIGHTFOLD_MODEL", "the same as --model"],
  ["VISUAL", "the editor that Ctrl-G opens; EDITOR does too (default: vi)"],
  ["NO_COLOR", "no colours"],
] as const;

const exitCodes = [
  ["0", "done"],
  ["1", "the model or the agent failed"],
  ["2", "wrong usage"],
  ["3", "stopped by a limit"],
  ["4", "permission was needed, and nobody could be asked"],
  ["130", "interrupted"],
] as const;

/** What stands for a flag's value; undefined for one that takes none. */
export function placeholderOf({ value, choices }: Flag): string | undefined {
  return value ?? choices?.join("|");
}

export function helpText({ phase, title, summary }: AboutPhase, flags: readonly Flag[]): string {
  const [number = "1"] = phase.split("-");
  const start = startOf(number);
  const flagRows = flags.map((flag) => {
    const value = placeholderOf(flag);
    return [`--${flag.name}${value ? ` ${value}` : ""}`, flag.text] as const;
  });
  const asks = flags.some(({ name }) => name === "approval");
  return `Eightfold, phase ${number}, ${title.toLowerCase()}: ${summary}.

Usage: ${start} [flags] [request…]

Given a request, as words or on stdin, it carries that out and exits. Otherwise
it holds a conversation: / lists commands, \\ at the end continues a line, Ctrl-G
opens it in your editor, Ctrl-C stops a turn, Ctrl-D leaves.

Flags
${rows(flagRows)}

Environment, also from a .env file in the root of the repository
${rows(environment)}

Examples
  ${start}
  ${start} --cwd ~/code/app "why does the build fail?"
  git log -20 | ${start.replace("pnpm", "pnpm -s")} "what changed?" > answer.md

Exit codes
${rows(exitCodes.filter(([code]) => code !== "4" || asks))}
`;
}

const defaultFolder = () => (process.env.EIGHTFOLD_PROGRAM ? "this one" : "a playground copy");

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs
    .flatMap(([left, right]) =>
      wrap(right, COLUMNS - width - 4).map(
        (line, index) => `  ${(index === 0 ? left : "").padEnd(width)}  ${line}`,
      ),
    )
    .join("\n");
}
