/** What happens in a turn, as a trace has it. */
import type { ModelEvent, StopReason, ToolEvent } from "@eightfold/core";
import type { Lane } from "./lines.ts";
import { laneNow, lanes, type NewLine, record } from "./record.ts";
import { endStep, forgetHelpers, now, recent } from "./requests.ts";

type TurnEvent = ModelEvent | ToolEvent | { readonly type: "notice"; readonly text?: string };

let asked = "";

/** What the user asked for: the next turn is about it. */
export function noteAsked(request: string): void {
  asked = request;
}

export function beginTurn(): void {
  record({ type: "turn", turn: ++now.turn, request: asked });
}

export function endTurn(stop: StopReason): void {
  record({ type: "turn_end", turn: now.turn, stop });
  forgetHelpers();
}

/** Writes what an event says, except for the pieces of text: those are in the response. */
export function recordEvent(event: TurnEvent): void {
  const line = lineOf(event, laneNow() === "main" ? now.lane : laneNow());
  if (line) record(line);
}

function lineOf(event: TurnEvent, lane: Lane): NewLine | undefined {
  switch (event.type) {
    case "retry": {
      const { attempt, waitMs, error } = event;
      return { type: "retry", lane, attempt, waitMs, error };
    }
    case "reply_end": {
      const { provider, model, stop, usage, costUsd: cost, error } = event;
      const id = endStep(lane);
      if (lane === "main") recent.usage = usage;
      const told = { ...(id && { id }), ...(cost !== undefined && { cost }), ...(error && { error }) };
      return { type: "usage", lane, model: `${provider}:${model}`, stop, usage, ...told };
    }
    case "tool_start":
      return { type: "call", lane, call: event.call };
    case "tool_end": {
      const { callId, name, text: model, summary: user, diff, isError } = event.result;
      const more = { ...(diff !== undefined && { diff }), ...(isError && { isError }) };
      return { type: "result", lane, callId, name, model, user, ...more };
    }
    case "notice":
      return { type: "notice", text: event.text ?? "" };
    default:
      return undefined;
  }
}

let helpers = 0;

/**
 * The events of a side conversation, passed on, with its requests marked as its own. Nobody else sees a helper's events, so
 * they are written down here.
 */
export async function* inLane<Event extends TurnEvent, Result>(
  name: "helper" | "summary",
  events: AsyncGenerator<Event, Result>,
): AsyncGenerator<Event, Result> {
  const lane: Lane = name === "helper" ? `helper:${++helpers}` : name;
  const iterator: AsyncIterator<Event, Result> = events;
  try {
    for (;;) {
      const next = await lanes.run(lane, () => iterator.next());
      if (next.done) return next.value;
      if (name === "helper") lanes.run(lane, recordEvent, next.value);
      yield next.value;
    }
  } finally {
    await iterator.return?.(); // whoever no longer listens wants the request ended
  }
}
