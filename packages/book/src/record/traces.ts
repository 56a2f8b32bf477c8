import { mkdir } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { type Dialect, type Script, startWire } from "@eightfold/wire";
import { openScratch, type Scratch } from "../scratch.ts";
import { demoReply } from "../wire-block.ts";
import { runSession } from "./session.ts";

/** A run that is kept: docs/traces/NAME.jsonl. */
export interface Recording {
  readonly name: string;
  readonly phase: number;
  /** What follows `pnpm phase N start`. */
  readonly words: readonly string[];
  /** What is typed at each prompt and each question. */
  readonly typed?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The server that answers, and what it says. Without one, the demo model answers. */
  readonly server?: { readonly dialect: Dialect; readonly script: Script };
  /** How the run ends. */
  readonly exit?: number;
}

const FIX = "run the tests and fix what fails";
const README = "what is in README.md?";

/** The demo's words, over a real socket. */
const overTheWire = (dialect: Dialect) => ({ dialect, script: demoReply });

/** A busy server, a reply that breaks off, a connection that is reset, and then the answer. */
const stumbling: Script = async (request, index) => {
  if (index === 0) return { fault: { type: "rate_limit", hint: "retry_after_seconds", seconds: 1 } };
  if (index === 1) return { text: "I read the", fault: { type: "cut", at: "text" } };
  if (index === 2) return { text: "I read the", fault: { type: "reset", at: "text" } };
  return demoReply(request);
};

/** Reads more than the window holds, and answers. */
function reading(): Script {
  let read = 0;
  return ({ view }) => {
    const asksForSummary = view.messages.some(({ text }) => text.endsWith("Write the summary."));
    if (asksForSummary)
      return { text: "## Goal\nRead the project.\n\n## Done\nRead the sources, and no test yet." };
    const path = FILES[read++];
    return path ? { calls: [{ name: "read_file", input: { path } }] } : { text: "I have read all of it." };
  };
}

const FILES = [
  "src/card.js",
  "src/recipe.js",
  "src/amount.js",
  "src/cli.js",
  "test/recipe.test.js",
  "test/card.test.js",
  "README.md",
  "package.json",
];

export const recordings: readonly Recording[] = [
  { name: "1-two-turns", phase: 1, words: [], typed: ["My name is Ada.", "What is my name?"] },
  { name: "2-responses", phase: 2, words: [README], server: overTheWire("responses") },
  { name: "2-chat", phase: 2, words: [README], server: overTheWire("chat") },
  { name: "2-anthropic", phase: 2, words: [README], server: overTheWire("anthropic") },
  { name: "2-gemini", phase: 2, words: [README], server: overTheWire("gemini") },
  { name: "2-ollama", phase: 2, words: [README], server: overTheWire("ollama") },
  { name: "2-stumbling-server", phase: 2, words: [README], server: { dialect: "chat", script: stumbling } },
  { name: "3-find", phase: 3, words: ["Where is parse defined?"] },
  { name: "4-write", phase: 4, words: ["Create notes.md, then change one line of it."] },
  { name: "5-fix", phase: 5, words: [FIX] },
  { name: "6-readme", phase: 6, words: [README] },
  { name: "7-asked", phase: 7, words: [FIX], typed: ["y", "y", "y"] },
  { name: "7-refused", phase: 7, words: ["--approval", "never", FIX] },
  {
    name: "8-helpers",
    phase: 8,
    words: ["--approval", "auto", "Delegate: what is in README.md, and what is in package.json?"],
  },
  {
    name: "8-full-window",
    phase: 8,
    words: ["--approval", "auto", "read the whole project"],
    env: { EIGHTFOLD_CONTEXT: "4000" },
    server: { dialect: "chat", script: reading() },
  },
];

/** Records a run in docs/traces. */
export async function recordTrace(root: string, { name, server, ...recording }: Recording): Promise<void> {
  await mkdir(join(root, "docs/traces"), { recursive: true });
  await using scratch = await openScratch(root);
  await using wire = server && (await startWire(server.dialect, server.script));
  const flags = ["--trace", join(root, `docs/traces/${name}.jsonl`)];
  // What this machine calls its system is in the prompt, and is nobody's business.
  await runTrace(recording, flags, scratch, { ...wire?.env, MACHINE_SECRET: release() });
}

/** Runs the agent of a recording, with more flags, to its end. */
export async function runTrace(
  { phase, words, typed = [], env = {}, exit = 0 }: Omit<Recording, "name" | "server">,
  flags: readonly string[],
  scratch: Scratch,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const command = `pnpm phase ${phase} start ${[...flags, ...words].map(quoted).join(" ")}`;
  await runSession(command, typed, scratch.folder, { ...scratch.env, ...env, ...more }, exit);
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
