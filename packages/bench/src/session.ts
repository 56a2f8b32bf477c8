import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  newSession,
  resumeSession,
  type Session,
  type SessionRecord,
} from "@eightfold/phase-8/src/sessions/session.ts";
import { type Bench, type Figure, median, RUNS } from "./figures.ts";

const EVENTS = 10_000;
const SAMPLE = 1_000;

/** What a session costs that goes on all day: each event is on disk before the screen shows it. */
export const sessionFile: Bench = {
  title: `session: ${EVENTS} events, appended and resumed`,

  async run(): Promise<Figure[]> {
    appendTimes(await newSession(process.cwd(), refuse), 0, SAMPLE); // so that the length is measured, not the compiler
    const session = await newSession(process.cwd(), refuse);
    const first = appendTimes(session, 0, SAMPLE);
    appendTimes(session, SAMPLE, EVENTS - SAMPLE);
    const last = appendTimes(session, EVENTS, SAMPLE);
    session.close();

    const rewritten: number[] = [];
    for (let run = 0; run < RUNS; run++) rewritten.push(await timeRewrite(session, 2_000));
    const resumed: number[] = [];
    for (let run = 0; run < RUNS; run++) resumed.push(await timeResume(session.id));
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    return [
      ...appendFigures("at the start", first),
      ...appendFigures(`after ${EVENTS} events`, last),
      { what: "for scale: all of 2,000 messages written anew", value: `${median(rewritten).toFixed(1)} ms` },
      {
        what: `resumed after ${EVENTS + SAMPLE} events`,
        value: `${median(resumed).toFixed(0)} ms`,
        target: "≤ 300 ms",
      },
      { what: "its file", value: megabytes((await stat(session.file)).size) },
      { what: "memory that it takes when resumed", value: megabytes(await memoryOf(session.id)) },
    ];
  },
};

function appendFigures(when: string, times: readonly number[]): Figure[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => `${(sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(3)} ms`;
  return [
    { what: `an event ${when}, median`, value: at(0.5), target: "≤ 0.1 ms" },
    { what: `an event ${when}, 99th percentile`, value: at(0.99), target: "≤ 0.1 ms" },
  ];
}

function appendTimes(session: Session, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const event = eventAt(session, from + index);
    const started = performance.now();
    session.append(event);
    return performance.now() - started;
  });
}

/** A turn of three calls, again and again. */
function eventAt({ memory, total }: Session, index: number): SessionRecord {
  const path = `src/module-${index}.ts`;
  const call = { id: `call-${index}`, name: "read_file", input: { path, offset: 1 } };
  const text = `     1\tconst line${index} = "of a file";\n`.repeat(40);
  const result = { callId: `call-${index - 1}`, name: call.name, text, isError: false, summary: "40 lines" };
  switch (index % 10) {
    case 0:
      return { type: "message", message: { role: "user", text: `Find what fails in ${path}, and mend it.` } };
    case 9:
      return {
        type: "turn_end",
        stop: "done",
        spent: { usage: { input: index } },
        total: { turns: total.turns + 1 },
      };
    case 1:
    case 4:
    case 7:
      return { type: "message", message: { role: "assistant", text: "I look.", toolCalls: [call] } };
    case 3:
    case 6:
      return { type: "memory", memory: { ...memory, task: path, files: [path] } };
    default:
      return { type: "message", message: { role: "tool", ...result } };
  }
}

/** As an agent does that keeps its session as one JSON document. */
async function timeRewrite({ log }: Session, messages: number): Promise<number> {
  const started = performance.now();
  await writeFile(join(process.cwd(), "whole.json"), JSON.stringify(log.slice(0, messages)));
  return performance.now() - started;
}

async function timeResume(id: string): Promise<number> {
  const started = performance.now();
  const { session } = await resumeSession(process.cwd(), id, refuse);
  const milliseconds = performance.now() - started;
  session.close();
  return milliseconds;
}

async function memoryOf(id: string): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  const before = process.memoryUsage().heapUsed;
  const { session } = await resumeSession(process.cwd(), id, refuse);
  collect();
  const after = process.memoryUsage().heapUsed;
  session.close();
  return after - before;
}

function refuse(message: string): never {
  throw new Error(message);
}
