import {
  type Conversation,
  type Model,
  type ModelEvent,
  prepareCall,
  runCall,
  type StopReason,
  type Tool,
  type ToolEvent,
} from "@eightfold/core";

export interface Agent {
  readonly model: Model;
  readonly tools: readonly Tool[];
  /** Everything that was said. A model remembers nothing, so each request has to tell it again. */
  readonly conversation: Conversation;
  /** How many replies one turn may take. */
  readonly maxSteps: number;
}

/**
 * One turn: the user's request goes in, and the model is asked again and again, each time with the results of
 * the tools it called, until it replies without calling any. A turn also ends at the limit of steps, and when the
 * user stops it.
 */
export async function* runTurn(
  request: string,
  agent: Agent,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent | ToolEvent, StopReason> {
  const { model, tools, conversation, maxSteps } = agent;
  conversation.push({ role: "user", text: request });

  for (let step = 0; step < maxSteps; step++) {
    const reply = yield* model.stream({ conversation, tools }, signal);
    conversation.push(reply.message);
    if (reply.stop !== "tool_calls") return reply.stop;

    for (const call of reply.message.toolCalls) {
      yield { type: "tool_start", call };
      const prepared = await prepareCall(tools, call, signal);
      const result = await runCall(prepared, signal);
      conversation.push(result);
      yield { type: "tool_end", call, result };
    }
    if (signal.aborted) return "aborted";
  }
  return "step_limit";
}
