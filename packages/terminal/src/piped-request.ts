import { fstatSync, type Stats } from "node:fs";
import { UsageError } from "@eightfold/core";

/** How long a pipe may say nothing before a request that has words goes on without it. */
const PATIENCE_MS = 3_000;

/** More than any model reads. */
const MAX_BYTES = 10_000_000;

/**
 * The request: the words, what is piped in, or both, the words first. Undefined without either, on a terminal.
 *
 * Without words, stdin is the request and is read to its end. With words, only a file or a pipe that the user
 * put there is read: programs start their children with a socket that says nothing and never ends.
 */
export async function readRequest(words: string): Promise<string | undefined> {
  if (process.stdin.isTTY) return words || undefined;
  if (words) {
    const piped = isFileOrPipe() ? await readWithPatience() : "";
    return piped ? `${words}\n\n${piped}` : words;
  }
  const piped = await readAll();
  if (!piped)
    throw new UsageError("There is no request: stdin is empty. Give one as words, or start in a terminal.");
  return piped;
}

function isFileOrPipe(): boolean {
  const stdin = stdinStats();
  return stdin !== undefined && (stdin.isFile() || stdin.isFIFO());
}

function stdinStats(): Stats | undefined {
  try {
    return fstatSync(0);
  } catch {
    return undefined; // closed
  }
}

async function readWithPatience(): Promise<string> {
  const timer = setTimeout(() => {
    process.stderr.write(`Nothing came on stdin for ${PATIENCE_MS / 1000} s: going on without it.\n`);
    process.stdin.destroy();
  }, PATIENCE_MS);
  process.stdin.once("readable", () => clearTimeout(timer));
  try {
    return await readAll();
  } finally {
    clearTimeout(timer);
  }
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
