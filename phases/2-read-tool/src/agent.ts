import {
  type Conversation,
  type Model,
  type ModelEvent,
  runTool,
  type StopReason,
  type Tool,
  type ToolEvent,
} from "@eightfold/core";

export interface Agent {
  readonly model: Model;
  readonly tools: readonly Tool[];
  /** All that was said. A model remembers nothing: it knows what this tells it, each time anew. */
  readonly conversation: Conversation;
}

/**
 * One turn: the user's request goes in, and the model is asked again and again, each time with the results of
 * the tools it called, until it replies without calling any.
 */
export async function* runTurn(
  request: string,
  agent: Agent,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent | ToolEvent, StopReason> {
  const { model, tools, conversation } = agent;
  conversation.push({ role: "user", text: request });

  for (;;) {
    const reply = yield* model.stream({ conversation, tools }, signal);
    conversation.push(reply.message);
    if (reply.stop !== "tool_calls") return reply.stop;

    for (const call of reply.message.toolCalls) {
      yield { type: "tool_start", call };
      const result = await runTool(tools, call, signal);
      conversation.push(result);
      yield { type: "tool_end", call, result };
    }
  }
}
