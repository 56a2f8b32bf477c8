import { once } from "node:events";
import {
  type Budget,
  type Model,
  type ModelEvent,
  repeatDetector,
  type StopReason,
  type Tool,
  type ToolEvent,
  type ToolResult,
} from "@eightfold/core";
import type { Workspace } from "@eightfold/workspace";
import { askInWindow, type Context, type ContextEvent, type LogRequest } from "./context.ts";
import { rememberRequest, rememberResult, renderMemory } from "./memory.ts";
import type { Gate, Policy } from "./permissions.ts";
import { runCalls } from "./run-calls.ts";
import { savedFirst } from "./saved-first.ts";
import type { Session } from "./session.ts";

export interface Agent {
  model: Model;
  readonly workspace: Workspace;
  readonly tools: readonly Tool[];
  /** The system prompt. It never changes, so that each request begins with the bytes of the one before. */
  readonly system: Promise<string>;
  /** All that was said and done. */
  session: Session;
  /** How much of it a request shows. */
  context: Context;
  readonly policy: Policy;
  /** What every call of a turn must pass. */
  openGate(): Gate;
  /** How many replies the turn may still take. */
  budget: Budget;
}

export type AgentEvent = ModelEvent | ContextEvent | ToolEvent;

/**
 * One turn: the user's request goes in, and the model is asked again and again, each time with the results of
 * the tools it called, until it replies without calling any. A turn also ends when its budget is used up, and when the
 * model repeats itself and does not heed a word about it. What is yielded has been written to the session before.
 */
export async function* runTurn(
  request: string,
  agent: Agent,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, StopReason> {
  const { tools, session, context, budget } = agent;
  const stopped = once(signal, "abort").then(() => "");
  const system = await Promise.race([agent.system, stopped]);
  const isRepeated = repeatDetector();
  const gate = agent.openGate();
  let nudged = false;
  session.append({ type: "message", message: { role: "user", text: request } });
  session.remember((memory) => rememberRequest(memory, request));

  while (budget()) {
    const reply = yield* askInWindow(context, requestOf(agent, system), signal);
    session.append({ type: "message", message: reply.message });
    if (reply.stop === "done" && gate.isUnanswered()) return "denied";
    if (reply.stop !== "tool_calls") return reply.stop;

    let repeated = false;
    const permit = savedFirst(gate.permit, (change) => session.append({ type: "change", change }));
    for await (const event of runCalls(tools, reply.message.toolCalls, signal, permit)) {
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
  }
  return "step_limit";
}

/** What the next request would be made of. */
export function requestOf({ model, tools, session }: Agent, system: string): LogRequest {
  return { model, system, tools, conversation: session.log, memory: renderMemory(session.memory) };
}

function nudge(result: ToolResult): ToolResult {
  const text = `${result.text}\n[Three times the same, with the same result. Try something else, or say what stops you.]`;
  return { ...result, text };
}
