import { once } from "node:events";
import {
  clip,
  type Model,
  type ModelEvent,
  prepareCall,
  type Report,
  repeatDetector,
  runCall,
  type StopReason,
  type Tool,
  type ToolCall,
  type ToolEvent,
  type ToolResult,
} from "@eightfold/core";
import { contextWindow } from "@eightfold/providers";
import type { Workspace } from "@eightfold/workspace";
import { type RunCall, runSideBySide } from "./helpers/side-by-side.ts";
import { rememberRequest, rememberResult, renderMemory } from "./memory/memory.ts";
import { journalBeforeRun } from "./memory/undo.ts";
import type { Gate, Policy } from "./permissions.ts";
import type { Session } from "./sessions/session.ts";
import { tagged } from "./window/view.ts";
import {
  askInWindow,
  type LogRequest,
  refuseTooLong,
  type Window,
  type WindowEvent,
} from "./window/window.ts";

export interface Agent {
  model: Model;
  readonly workspace: Workspace;
  readonly tools: readonly Tool[];
  /** The system prompt. It never changes, so that each request begins with the bytes of the one before. */
  readonly system: Promise<string>;
  /** Everything that was said and done. */
  session: Session;
  /** How much of it a request shows. */
  window: Window;
  readonly policy: Policy;
  /** What every call of a turn must pass. */
  openGate(): Gate;
  /** Takes one of the replies that the turn may still have; false when none is left. */
  takeStep: () => boolean;
  /** What the user has said since the turn began. It goes between the results and the next request. */
  saidMeanwhile(): readonly string[];
  /** What the user's words bring with them: the files that they name are read. A command of their own has the id "!". */
  callsIn(text: string): Promise<readonly ToolCall[]>;
}

export type AgentEvent = ModelEvent | WindowEvent | ToolEvent;
/** What happens in a turn, and why it ended. */
export type Turn = AsyncGenerator<AgentEvent, StopReason>;

/**
 * One turn: the user's request goes in, and the model is asked again and again, each time with the results of
 * the tools it called, until it replies without calling any. A turn also ends at the limit of steps, and when the
 * model repeats itself and does not heed a word about it. A request that no window could take is refused, and does not
 * become a part of the conversation. What is yielded has been written to the session before.
 */
export async function* runTurn(request: string, agent: Agent, signal: AbortSignal): Turn {
  const { tools, session, window, takeStep } = agent;
  const stopped = once(signal, "abort").then(() => "");
  const system = await Promise.race([agent.system, stopped]);
  const isRepeated = repeatDetector();
  const gate = agent.openGate();
  let nudged = false;
  const run = async (call: ToolCall, report: Report) => {
    const prepared = await prepareCall(tools, call, signal);
    const judged = await gate.judge(prepared, signal);
    const journalled = await journalBeforeRun(session, judged);
    return runCall(journalled, signal, report);
  };
  if (yield* refuseTooLong(request, requestOf(agent, system), signal)) return "error";
  if (yield* hear(request, agent, run, signal)) return signal.aborted ? "aborted" : "done";
  session.remember((memory) => rememberRequest(memory, request));

  while (takeStep()) {
    const reply = yield* askInWindow(window, requestOf(agent, system), signal);
    session.append({ type: "message", message: reply.message });
    if (reply.stop === "done" && gate.isUnanswered()) return "denied";
    if (reply.stop !== "tool_calls") return reply.stop;

    let repeated = false;
    for await (const event of runSideBySide(tools, reply.message.toolCalls, run)) {
      if (event.type !== "tool_end") {
        yield event;
        continue;
      }
      const { call } = event;
      const isRound = isRepeated(call, event.result);
      const result = isRound ? nudge(event.result) : event.result;
      repeated ||= isRound;
      session.append({ type: "message", message: result });
      session.remember((memory) => rememberResult(memory, call, result));
      yield { ...event, result };
    }
    if (signal.aborted) return "aborted";
    if (repeated && nudged) return "loop";
    nudged = repeated;
    for (const text of agent.saidMeanwhile()) yield* hear(text, agent, run, signal);
  }
  return "step_limit";
}

/**
 * Takes what the user says into the session, behind what it brings with it: the gate judges that as it judges the model's
 * calls. Only a command of the user's own is not judged, and no box holds it; it is true for one, which is no request.
 */
async function* hear(
  text: string,
  { callsIn, model, session, tools }: Agent,
  run: RunCall,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, boolean> {
  const calls = await callsIn(text);
  const isOwn = calls.some(({ id }) => id === "!");
  const runOwn: RunCall = async (call, report) =>
    runCall(await prepareCall(tools, call, signal), signal, report);
  const room = (await contextWindow(model, signal)) / 2 / calls.length; // as much as the results of one reply have
  for await (const event of runSideBySide(tools, calls, isOwn ? runOwn : run)) {
    if (event.type === "tool_end") {
      const { call, result } = event;
      const said = `[The user calls ${call.name} ${JSON.stringify(call.input)}]`;
      session.append({ type: "note", text: `${said}\n${tagged("result", clip(result.text, room))}` });
      session.remember((memory) => rememberResult(memory, call, result));
    }
    yield event;
  }
  if (!isOwn) session.append({ type: "message", message: { role: "user", text } });
  return isOwn;
}

/** What the next request would be made of. */
export function requestOf({ model, tools, session }: Agent, system: string): LogRequest {
  return { model, system, tools, conversation: session.log, memory: renderMemory(session.memory) };
}

/** @param parent the steps that these are a part of: it pays too, and must not be used up */
export function stepBudget(count: number, parent: Agent["takeStep"] = () => true): Agent["takeStep"] {
  let left = count;
  return () => left > 0 && parent() && left-- > 0;
}

function nudge(result: ToolResult): ToolResult {
  const text = `${result.text}\n[Three times the same, with the same result. Try something else, or say what stops you.]`;
  return { ...result, text };
}
