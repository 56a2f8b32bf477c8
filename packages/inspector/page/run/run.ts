/** What the lines of a trace tell of a run, step by step: the page shows this, and it grows while the agent works. */
import { type Exchange, type Lane, openTraceReader, type Trace, type TraceLine } from "../../src/trace.ts";
import { type Outline, outlineOf } from "./outline.ts";
import type { Layout } from "./parts.ts";

/** A row grows by later lines, and its `revision` with each of them: so a page sees which rows it must draw again. */
export interface Step {
  readonly kind: "step";
  readonly key: string;
  revision: number;
  readonly exchange: Exchange;
  /** The request before it in its lane: what it is compared with. */
  readonly before: Exchange | undefined;
  readonly outline: Outline;
  /** The window as the agent measured it before this request, when it does. */
  readonly window: TraceLine<"window"> | undefined;
  readonly calls: Call[];
}

export interface Call {
  readonly kind: "call";
  readonly key: string;
  revision: number;
  readonly line: TraceLine<"call">;
  /** What asked for it. */
  readonly step: Step | undefined;
  decision?: TraceLine<"decision">;
  /** What the user said, when the gate asked. */
  answer?: TraceLine<"answer">;
  result?: TraceLine<"result">;
}

export interface Turn {
  readonly kind: "turn";
  readonly key: string;
  revision: number;
  readonly line: TraceLine<"turn">;
  end?: TraceLine<"turn_end">;
}

/** What the agent did unasked between two requests. */
export interface Note {
  readonly kind: "note";
  readonly key: string;
  revision: number;
  readonly line: TraceLine<"retry" | "notice" | "model">;
}

export type Row = Turn | Step | Call | Note;

export interface Run {
  readonly trace: Trace;
  /** Everything in the order in which it happened. */
  readonly rows: Row[];
  readonly steps: Step[];
  readonly replies: TraceLine<"usage">[];
  model?: string;
  /** How the run ended; absent while it goes on, and when the trace was cut. */
  exit?: number;
  /** The latest time that a line tells. */
  now: number;
}

export interface RunReader {
  readonly run: Run;
  add(line: string): void;
}

export function openRun(): RunReader {
  const { trace, add } = openTraceReader();
  const run: Run = { trace, rows: [], steps: [], replies: [], now: 0 };
  const lanes = new Map<Lane, LaneState>();
  return {
    run,
    add(text) {
      const line = add(text);
      if (!line) return;
      run.now = Math.max(run.now, line.t);
      take(line, run, (lane) => laneIn(lanes, lane));
    },
  };
}

/** The last that is known in one lane. */
interface LaneState {
  step?: Step;
  /** Of the last request. */
  layout?: Layout | undefined;
  window?: TraceLine<"window">;
}

function laneIn(lanes: Map<Lane, LaneState>, lane: Lane): LaneState {
  const state = lanes.get(lane) ?? {};
  lanes.set(lane, state);
  return state;
}

function take(line: TraceLine, run: Run, laneOf: (lane: Lane) => LaneState): void {
  const row = { key: `${line.type} ${run.rows.length}`, revision: 0 };
  switch (line.type) {
    case "turn":
      run.rows.push({ kind: "turn", ...row, line });
      break;
    case "request":
      takeRequest(run, laneOf(line.lane));
      break;
    case "call": {
      const { step } = laneOf(line.lane);
      const call: Call = { kind: "call", ...row, line, step };
      step?.calls.push(call);
      run.rows.push(call);
      break;
    }
    case "model":
      if (run.model !== undefined && run.model !== line.model) run.rows.push({ kind: "note", ...row, line });
      run.model = line.model;
      break;
    case "retry":
    case "notice":
      run.rows.push({ kind: "note", ...row, line });
      break;
    case "window":
      laneOf(line.lane ?? "main").window = line;
      break;
    case "usage":
      run.replies.push(line);
      break;
    case "end":
      run.exit = line.exit;
  }
  const grown = grownRow(line, run);
  if (grown) grown.revision++;
}

/** The row that a line tells more of. */
function grownRow(line: TraceLine, run: Run): Row | undefined {
  // Ids are unique in a reply, not over all of them: what is meant is the last call of the lane.
  const lane = ("lane" in line && line.lane) || "main";
  const lastCall = (is: (call: Call) => boolean) =>
    run.rows.findLast((row): row is Call => row.kind === "call" && row.line.lane === lane && is(row));
  switch (line.type) {
    case "response":
    case "piece":
    case "response_end":
    case "usage":
      return run.steps.findLast(({ exchange }) => exchange.request.id === line.id);
    case "decision": {
      const call = lastCall((each) => each.line.call.id === line.callId);
      return call && Object.assign(call, { decision: line });
    }
    case "answer": {
      const call = lastCall(({ decision, answer }) => decision?.decision === "ask" && !answer);
      return call && Object.assign(call, { answer: line });
    }
    case "result": {
      const call = lastCall((each) => each.line.call.id === line.callId);
      return call && Object.assign(call, { result: line });
    }
    case "turn_end": {
      const turn = run.rows.findLast((row) => row.kind === "turn");
      return turn && Object.assign(turn, { end: line });
    }
    default:
      return undefined;
  }
}

/** One that asks for no reply, such as for the list of models, is shown, and compared with nothing. */
function takeRequest(run: Run, lane: LaneState): void {
  const exchange = run.trace.exchanges.at(-1);
  if (!exchange) return;
  const asks = exchange.request.step > 0;
  const before = asks ? lane.step : undefined;
  const { outline, layout } = outlineOf(asks ? lane.layout : undefined, exchange.body ?? "");
  const step: Step = {
    kind: "step",
    key: `step ${exchange.request.id}`,
    revision: 0,
    exchange,
    before: before?.exchange,
    outline,
    window: lane.window,
    calls: [],
  };
  if (asks) Object.assign(lane, { step, layout });
  run.steps.push(step);
  run.rows.push(step);
}
