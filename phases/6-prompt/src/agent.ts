import { once } from "node:events";
import {
  type Conversation,
  type Model,
  type ModelEvent,
  prepareCall,
  repeatDetector,
  runCall,
  type StopReason,
  type Tool,
  type ToolEvent,
  type ToolResult,
} from "@eightfold/core";

export interface Agent {
  model: Model;
  readonly tools: readonly Tool[];
  /** The system prompt. It never changes, so that each request begins with the bytes of the one before. */
  readonly system: Promise<string>;
  /** Everything that was said. A model remembers nothing, so each request has to tell it again. */
  readonly conversation: Conversation;
  /** How many replies one turn may take. */
  readonly maxSteps: number;
}

/**
 * One turn: the user's request goes in, and the model is asked again and again, each time with the results of
 * the tools it called, until it replies without calling any. A turn also ends at the limit of steps, and when the
 * model repeats itself and does not heed a word about it.
 */
export async function* runTurn(
  request: string,
  agent: Agent,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent | ToolEvent, StopReason> {
  const { model, tools, conversation, maxSteps } = agent;
  const stopped = once(signal, "abort").then(() => "");
  const system = await Promise.race([agent.system, stopped]);
  const isRepeated = repeatDetector();
  let nudged = false;
  conversation.push({ role: "user", text: request });

  for (let step = 0; step < maxSteps; step++) {
    const reply = yield* model.stream({ system, conversation, tools }, signal);
    conversation.push(reply.message);
    if (reply.stop !== "tool_calls") return reply.stop;

    let repeated = false;
    for (const call of reply.message.toolCalls) {
      yield { type: "tool_start", call };
      const prepared = await prepareCall(tools, call, signal);
      let result = await runCall(prepared, signal);
      if (isRepeated(call, result)) {
        repeated = true;
        result = nudge(result);
      }
      conversation.push(result);
      yield { type: "tool_end", call, result };
    }
    if (signal.aborted) return "aborted";
    if (repeated && nudged) return "loop";
    nudged = repeated;
  }
  return "step_limit";
}

function nudge(result: ToolResult): ToolResult {
  const text = `${result.text}\n[Three times the same, with the same result. Try something else, or say what stops you.]`;
  return { ...result, text };
}
