import { writeSync } from "node:fs";
import { UsageError } from "@eightfold/core";
import { systemReason } from "@eightfold/trace";
import { endJson, endJsonAtOnce, noteFailure } from "./json-output.ts";
import { safeText } from "./safe-text.ts";

/**
 * The outermost call of a program. It shows a UsageError and exits with 2. Anything else that is thrown, even from a forgotten
 * callback, is a bug: one line, exit 1, never a stack. It also writes the last line of JSON output.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  process.on("uncaughtException", (error) => {
    fail("bug", bugLine(error));
    process.exit(1);
  });
  process.stderr.on("error", () => {}); // a reader that has seen enough (`| head -1`) is not an error
  process.stdout.on("error", noteUnwritten);
  process.on("exit", endJsonAtOnce);
  endEarlyOn("SIGINT", 130);
  endEarlyOn("SIGTERM", 143);
  endEarlyOn("SIGHUP", 129);
  endEarlyOn("SIGQUIT", 131);

  try {
    await main();
    await endJson();
    if (unwritten) process.exitCode = 1;
  } catch (error) {
    const wrongUse = error instanceof UsageError;
    if (wrongUse) fail("usage", error.message);
    else fail("bug", bugLine(error));
    process.exitCode = wrongUse ? 2 : 1;
    await endJson();
    process.stdout.write("", () => process.exit()); // once what was written before is out
  }
}

/** For a signal that comes before a terminal is open: from then on, the terminal listens. */
function endEarlyOn(signal: NodeJS.Signals, exitCode: number): void {
  process.on(signal, () => process.listenerCount(signal) === 1 && process.exit(exitCode));
}

function fail(kind: "usage" | "bug", message: string): void {
  report(message);
  noteFailure({ kind, message });
}

let unwritten = false;

/** A file that cannot take the answer is one (`> answer.md` on a full disk). A terminal that is gone is none. */
function noteUnwritten(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || error.code === "EIO" || unwritten) return;
  unwritten = true;
  process.exitCode = 1;
  report(`The answer could not be written to stdout: ${systemReason(error)}.`);
}

function bugLine(error: unknown): string {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const [firstLine = ""] = message.split("\n", 1);
  const what = firstLine.replace(/\.$/, "") + placeIn(stack);
  return `unexpected: ${what}. This is a bug in Eightfold, or in what you changed.`;
}

/** The file and line of ours that threw, for whoever edits a phase. */
function placeIn(stack: string): string {
  const place = /file:\/\/(\S+):(\d+):\d+/;
  const frame = stack.split("\n").find((line) => place.test(line) && !line.includes("node_modules"));
  const [, path = "", line] = place.exec(frame ?? "") ?? [];
  return frame ? ` (${path.split("/").slice(-3).join("/")}:${line})` : "";
}

/** Written at once: the process may be about to end. */
function report(line: string): void {
  try {
    writeSync(2, `${safeText(line)}\n`); // it may quote a file
  } catch {
    // Nobody reads stderr.
  }
}
