import type { Message } from "@eightfold/core/conversation";
import type { ModelRequest, ToolDeclaration } from "@eightfold/core/model";
import { summaryMessage, type View, viewOf } from "./view.ts";

/** What a request is made of, in estimated tokens. */
export interface Parts {
  readonly system: number;
  readonly tools: number;
  /** What was asked, answered and called. */
  readonly history: number;
  readonly results: number;
  readonly summary: number;
}

/** Weighs a request that shows its conversation in this view. */
export async function weigh(request: ModelRequest, view: View): Promise<Parts> {
  const messages = viewOf(request.conversation, view);
  const results = tokensOf(messages.filter(({ role }) => role === "tool"));
  const summary = view.summary === undefined ? 0 : tokensOf([summaryMessage(view)]);
  const declarations = await Promise.all((request.tools ?? []).map(declaration));
  return {
    system: estimate(request.system ?? ""),
    tools: estimate(declarations.join("")),
    history: tokensOf(messages) - results - summary,
    results,
    summary,
  };
}

export function total({ system, tools, history, results, summary }: Parts): number {
  return system + tools + history + results + summary;
}

async function declaration({ name, description, parameters }: ToolDeclaration): Promise<string> {
  return JSON.stringify([name, description, await parameters()]);
}

/** What the role, the id and the brackets of a message take. */
const FRAME = 10;

export function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + FRAME + estimate(sentText(message)), 0);
}

/** Four bytes a token: the rule of thumb for English and code. */
export function estimate(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** A reply goes back to its provider in that provider's own form, which can hold more than its text. */
function sentText(message: Message): string {
  if (message.role !== "assistant") return message.text;
  return JSON.stringify(message.native?.data ?? [message.text, message.toolCalls]);
}
