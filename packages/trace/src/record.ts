/** Writes a trace while an agent runs. There is one process, and one trace: so this is kept once. */
import { AsyncLocalStorage } from "node:async_hooks";
import { appendFileSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { UsageError } from "@eightfold/core";
import type { Lane, TraceLine } from "./lines.ts";
import { withoutSecrets } from "./secrets.ts";

/** A line without its time, which is that of its writing. */
export type NewLine = TraceLine extends infer Each
  ? Each extends TraceLine
    ? Omit<Each, "t">
    : never
  : never;

let file: { readonly path: string; readonly fd: number } | undefined;
let began = 0;

const lanes = new AsyncLocalStorage<Lane>();
let helpers = 0;

export const isTraced = (): boolean => file !== undefined;

/** Begins a trace. @throws UsageError for a file that cannot be written, or that holds something else */
export function openTrace(path: string, about: { readonly phase: string; readonly title: string }): void {
  refuseOthers(path);
  try {
    file = { path, fd: openSync(path, "w", 0o600) };
  } catch (error) {
    throw new UsageError(`The trace cannot be written to ${path}: ${reasonOf(error)}.`);
  }
  began = performance.now();
  const [started, phase] = [new Date().toISOString(), Number.parseInt(about.phase, 10)];
  record({ type: "trace", version: 1, started, phase, title: about.title });
  process.on("exit", (exit) => record({ type: "end", exit }));
}

const FIRST = '{"type":"trace"';

/** A trace takes the place of one that was there before, and of nothing else. */
function refuseOthers(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const start = Buffer.alloc(FIRST.length);
  try {
    readSync(openSync(path, "r"), start);
  } catch {
    return; // a folder, say: opening it to write tells what is wrong
  }
  if (start.toString() !== FIRST) {
    throw new UsageError(`${path} is there already, and is no trace. Choose another file for --trace.`);
  }
}

/** Writes a line, if there is a trace. It is in the file before anything else happens. */
export function record(line: NewLine): void {
  if (!file) return;
  const t = Math.round((performance.now() - began) * 10) / 10;
  const { type, ...rest } = line;
  try {
    appendFileSync(file.fd, `${withoutSecrets(JSON.stringify({ type, t, ...rest }))}\n`);
  } catch (error) {
    const said = `The trace in ${file.path} is not complete: ${reasonOf(error)}.\n`;
    file = undefined;
    process.on("exit", () => void writeSync(2, said));
  }
}

function reasonOf(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return message.replace(/^E[A-Z]+: |, \w+( '.*')?$/g, "");
}

/** Whose conversation runs now. */
export const laneNow = (): Lane => lanes.getStore() ?? "main";

/** What `run` asks of a model, and what its calls do, belongs to a conversation beside the main one. */
export function inLane<Result>(name: "helper" | "summary", run: () => Result): Result {
  return lanes.run(name === "helper" ? `helper:${++helpers}` : name, run);
}
