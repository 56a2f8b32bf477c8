import type { Conversation, Model, ModelEvent, StopReason } from "@eightfold/core";

export interface Agent {
  readonly model: Model;
  /** Everything that was said. A model remembers nothing, so each request has to tell it again. */
  readonly conversation: Conversation;
}

/** One turn: the user's request goes in, the model's reply streams out, and both stay in the conversation. */
export async function* runTurn(
  request: string,
  agent: Agent,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, StopReason> {
  const { model, conversation } = agent;
  conversation.push({ role: "user", text: request });

  const reply = yield* model.stream({ conversation }, signal);
  conversation.push(reply.message);
  return reply.stop;
}
