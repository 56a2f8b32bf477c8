import type { Message } from "./conversation.ts";
import type { ModelRequest, ToolDeclaration } from "./model.ts";

/** What a request is made of, in estimated tokens. */
export interface RequestTokens {
  readonly system: number;
  readonly tools: number;
  /** What was asked, answered and called. */
  readonly history: number;
  readonly results: number;
}

/** How long a request is, before a provider has counted it. */
export async function requestTokens({
  system = "",
  conversation,
  tools = [],
}: ModelRequest): Promise<RequestTokens> {
  const results = conversation.filter(({ role }) => role === "tool");
  const declared = await Promise.all(tools.map(declaration));
  return {
    system: estimate(system),
    tools: estimate(declared.join("\n")),
    history: messageTokens(conversation) - messageTokens(results),
    results: messageTokens(results),
  };
}

/** How long messages are, as a request carries them. */
export function messageTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + FRAME + estimate(sentText(message)), 0);
}

/** For the role, the id and the brackets of a message. */
const FRAME = 10;

/** A reply goes back to its provider in that provider's own form, which can hold more than its text. */
function sentText(message: Message): string {
  if (message.role !== "assistant") return message.text;
  return JSON.stringify(message.native?.data ?? [message.text, message.toolCalls]);
}

async function declaration({ name, description, parameters }: ToolDeclaration): Promise<string> {
  return JSON.stringify({ type: "function", name, description, parameters: await parameters() });
}

/** Four bytes a token: the rule of thumb for English and code. */
function estimate(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
