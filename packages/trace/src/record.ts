/** Writes a trace while an agent runs. There is one process, and one trace: so this is kept once. */
import { AsyncLocalStorage } from "node:async_hooks";
import { appendFileSync, lstatSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { UsageError } from "@eightfold/core";
import type { Lane, TraceLine } from "./lines.ts";
import { hideSecretsIn, withoutSecrets } from "./secrets.ts";

/** A line without its time, which is that of its writing, and without its lane, where it is that of whoever writes. */
export type NewLine = WithoutTime<TraceLine>;
type WithoutTime<Each> = Each extends TraceLine
  ? Omit<Each, "t" | "lane"> & Partial<Pick<Each, "lane" & keyof Each>>
  : never;

/** Lines that are about no conversation. */
const COMMON = ["trace", "model", "turn", "response", "piece", "response_end", "notice", "turn_end", "end"];

interface OpenTrace {
  readonly path: string;
  readonly fd: number;
  readonly began: number;
}

let file: OpenTrace | undefined;

/** Whose conversation runs now: of several at a time, each has its own. */
export const lanes = new AsyncLocalStorage<Lane>();

/** The trace that is written; undefined where none is wanted. */
export const openedTrace = (): OpenTrace | undefined => file;

/**
 * Begins a trace, which ends with the process. Returns what ends it before.
 * @param folder where the agent works, unless it is a copy of the playground: no key of its `.env` is in the trace
 * @throws UsageError for a file that cannot be written, or that holds something else
 */
export function openTrace(
  path: string,
  about: Pick<TraceLine<"trace">, "title"> & { readonly phase: string },
  folder?: string,
) {
  refuseOthers(path);
  if (folder !== undefined) hideSecretsIn(folder);
  try {
    file = { path, fd: openSync(path, "w", 0o600), began: performance.now() };
  } catch (error) {
    throw new UsageError(`The trace cannot be written to ${path}: ${systemReason(error)}.`);
  }
  const [started, phase] = [new Date().toISOString(), Number.parseInt(about.phase, 10)];
  record({ type: "trace", version: 1, started, phase, title: about.title });
  const end = (exit: number) => {
    record({ type: "end", exit });
    file = undefined;
    process.off("exit", end);
  };
  process.on("exit", end);
  return end;
}

const FIRST = '{"type":"trace"';

/**
 * A trace replaces an earlier trace, and nothing else. A link may have come with somebody else's folder, and lead to a file that a
 * shell obeys, whether that file exists or not.
 */
function refuseOthers(path: string): void {
  const [stats, own] = [statSync, lstatSync].map((look) => look(path, { throwIfNoEntry: false }));
  if (own?.isSymbolicLink() && (stats?.isFile() ?? true))
    throw new UsageError(`${path} is a link. Name the file itself for --trace.`);
  if (!stats?.size) return;
  const start = Buffer.alloc(FIRST.length);
  try {
    readSync(openSync(path, "r"), start);
  } catch {
    return; // a folder, say: opening it to write tells what is wrong
  }
  if (start.toString() !== FIRST) {
    throw new UsageError(`${path} already exists, and is not a trace. Choose another file for --trace.`);
  }
}

/** Writes a line, if there is a trace. It is in the file before anything else happens. */
export function record(line: NewLine): void {
  if (!file) return;
  const t = Math.round((performance.now() - file.began) * 10) / 10;
  const { type, ...rest } = line;
  const said = { type, t, ...(!COMMON.includes(type) && { lane: laneNow() }), ...rest };
  try {
    appendFileSync(file.fd, `${withoutSecrets(JSON.stringify(said))}\n`);
  } catch (error) {
    const loss = `The trace in ${file.path} is not complete: ${systemReason(error)}.\n`;
    file = undefined;
    process.on("exit", () => void writeSync(2, loss));
  }
}

/** What the system says of a file: "no space left on device", without its code and the call that failed. */
export function systemReason(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return message.replace(/^E[A-Z]+: |, \w+( '.*')?$/g, "");
}

export const laneNow = (): Lane => lanes.getStore() ?? "main";
