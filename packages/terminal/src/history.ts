import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";

/** So much of the end of the file is read. */
const MAX_BYTES = 1_000_000;

/** A longer request would push all others out of that. It is in its session's file. */
const MAX_REQUEST = 50_000;

export type History = ReturnType<typeof openHistory>;

/**
 * The requests of earlier conversations, in a file with a line of JSON for each. Its folder must exist. Several processes may add to
 * it at the same time, and it is never rewritten. A problem with it is reported once, and the conversation goes on.
 */
export function openHistory(file: string, onTrouble: (message: string) => void) {
  let isTold = false;

  function tell(message: string): void {
    if (!isTold) onTrouble(message);
    isTold = true;
  }

  return {
    /** The oldest first. */
    load(): string[] {
      try {
        const { requests, damaged } = readRequests(file);
        if (damaged > 0) tell(`Damaged lines left out of the history: ${damaged}. File: ${file}`);
        return requests;
      } catch (error) {
        if (codeOf(error) !== "ENOENT") tell(`The history cannot be read (${codeOf(error)}). File: ${file}`);
        return [];
      }
    },
    add(request: string): void {
      if (request.length > MAX_REQUEST) return;
      try {
        // A line that a killed process left unfinished must not take this one with it.
        appendFileSync(file, `\n${JSON.stringify(request)}\n`, { mode: 0o600 });
      } catch (error) {
        tell(
          `Requests are remembered only until you leave: the history cannot be written (${codeOf(error)}). File: ${file}`,
        );
      }
    },
  };
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);

function readRequests(file: string) {
  const lines = endOf(file)
    .split("\n")
    .filter((line) => line.trim() !== "");
  const requests = lines.map(requestIn).filter((request) => request !== undefined);
  return { requests, damaged: lines.length - requests.length };
}

function requestIn(line: string): string | undefined {
  try {
    const request: unknown = JSON.parse(line);
    return typeof request === "string" ? request : undefined;
  } catch {
    return undefined;
  }
}

/** The end of a file, from the beginning of a line. */
function endOf(file: string): string {
  const fd = openSync(file, "r");
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString("utf8", 0, read);
    return size > MAX_BYTES ? text.slice(text.indexOf("\n")) : text;
  } finally {
    closeSync(fd);
  }
}
