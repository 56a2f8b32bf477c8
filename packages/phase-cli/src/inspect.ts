import { readFile, writeFile } from "node:fs/promises";
import { harOf, readTrace } from "@eightfold/inspector";
import { CommandError } from "./phases.ts";

/** `pnpm phase inspect FILE --har OUT`: what a trace holds, in a form that others read. */
export async function inspect(words: readonly string[]): Promise<void> {
  const [file, flag, out] = words;
  if (!file || flag !== "--har" || !out) {
    throw new CommandError("Which trace, and as what? Such as pnpm phase inspect run.jsonl --har run.har.");
  }
  const text = await readFile(file, "utf8").catch(cannot("read", file));
  const trace = readTrace(text);
  if (!trace.start) throw new CommandError(`${file} is no trace that --trace wrote.`);
  await writeFile(out, JSON.stringify(harOf(trace))).catch(cannot("be written to", out));
  const { length } = trace.exchanges;
  process.stdout.write(`${out}: ${length} ${length === 1 ? "request" : "requests"}\n`);
}

const cannot = (what: string, file: string) => (error: NodeJS.ErrnoException) => {
  const why = error.message.replace(/^E[A-Z]+: |, \w+ '.*'$/g, "");
  throw new CommandError(
    what === "read" ? `${file} cannot be read: ${why}.` : `Nothing can ${what} ${file}: ${why}.`,
  );
};
