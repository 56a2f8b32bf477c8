import type { Conversation, StopReason, ToolResult } from "@eightfold/core/conversation";
import type { Model, ModelEvent } from "@eightfold/core/model";
import { repeatCounter, runTool, type Tool, type ToolEvent } from "@eightfold/core/tool";

export interface Agent {
  model: Model;
  readonly tools: readonly Tool[];
  /** The system prompt. It never changes, so that each request begins with the bytes of the one before. */
  readonly system: Promise<string>;
  /** All that was said. A model remembers nothing: it knows what this tells it, each time anew. */
  readonly conversation: Conversation;
  /** How many replies one turn may take. */
  readonly maxSteps: number;
}

/** The same call, with the same result, so many times in a row is no progress. */
const MAX_REPEATS = 3;

/**
 * One turn: the user's request goes in, and the model is asked again and again, each time with the results of
 * the tools it called, until it replies without calling any, or comes to the limit of steps.
 */
export async function* runTurn(
  request: string,
  agent: Agent,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent | ToolEvent, StopReason> {
  const { tools, conversation } = agent;
  const system = await agent.system;
  const timesInARow = repeatCounter();
  conversation.push({ role: "user", text: request });

  for (let step = 0; step < agent.maxSteps; step++) {
    const reply = yield* agent.model.stream({ system, conversation, tools }, signal);
    conversation.push(reply.message);
    if (reply.stop !== "tool_calls") return reply.stop;

    let repeats = 0;
    for (const call of reply.message.toolCalls) {
      yield { type: "tool_start", call };
      let result = await runTool(tools, call, signal);
      repeats = Math.max(repeats, timesInARow(call, result));
      if (repeats >= MAX_REPEATS) result = nudge(result);
      conversation.push(result);
      yield { type: "tool_end", call, result };
    }
    if (repeats > MAX_REPEATS) return "loop";
  }
  return "step_limit";
}

function nudge(result: ToolResult): ToolResult {
  const text = `${result.text}\n[This call has had this same result ${MAX_REPEATS} times. Try something else, or say what stops you.]`;
  return { ...result, text };
}
