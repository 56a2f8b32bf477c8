/** For models that take no tools: what they are sent in place of tools, calls and results. */
import type { JsonSchema, Message, ModelRequest, ToolCall, ToolResult } from "@eightfold/core";
import { ModelFailure } from "@eightfold/core";
import { type Offer, propertiesOf, requiredOf } from "./markup.ts";

/** The name under which a reply keeps its own text: `native.data` is that text. */
export const TEXT_FORM = "text-form";

/** How many malformed calls in a row are answered with a correction, before the turn ends with an error. */
const MAX_CORRECTIONS = 3;

/** The same request without tools: they are in the system prompt, and calls and results in the messages. */
export function requestInWords(request: ModelRequest, offer: Offer): ModelRequest {
  const { system, conversation, tools = [] } = request;
  const described = tools.map(({ name, description }) => {
    const schema = JSON.stringify(offer.get(name));
    return `## ${name}\n${description}\nArguments, as JSON Schema: ${schema}`;
  });
  const instructions = ["# Tools", howToCall(offer), ...described].join("\n\n");
  return {
    system: [system, tools.length > 0 && instructions].filter(Boolean).join("\n\n"),
    conversation: conversation.map(asText),
  };
}

/** How to write a call, with a tool on offer as the example. */
function howToCall(offer: Offer): string {
  const [name = "read_file", schema = {}] = offer.entries().next().value ?? [];
  const call = { name, input: exampleOf(schema) };
  return `You can call tools. To call one, end your reply with the call, in this form:

${asFence(call)}

If a value has several lines, write the call in this form, with each value as it is:

${asTags(call)}

Write nothing after the call. The result comes in the next message: never write a result yourself.
When the task is done, reply without a call.`;
}

function exampleOf(schema: JsonSchema): Record<string, unknown> {
  const required = requiredOf(schema);
  const keys = required.length > 0 ? required : Object.keys(propertiesOf(schema)).slice(0, 1);
  const sample = { integer: 1, number: 1, boolean: true, array: [], object: {} } as Record<string, unknown>;
  return Object.fromEntries(keys.map((key) => [key, sample[String(propertiesOf(schema)[key]?.type)] ?? "…"]));
}

function asText(message: Message): Message {
  if (message.role === "user") return message;
  if (message.role === "tool") return { role: "user", text: resultText(message) };
  const { text, toolCalls, native } = message;
  if (toolCalls.length === 0) return message;
  const isOwn = native?.provider === TEXT_FORM && typeof native.data === "string";
  const inWords = [text, ...toolCalls.map(writeCall)].filter((part) => part !== "").join("\n\n");
  return { role: "assistant", text: isOwn ? String(native.data) : inWords, toolCalls: [] };
}

function writeCall(call: ToolCall): string {
  const values = Object.values(call.input);
  const hasLines = values.some((value) => typeof value === "string" && value.includes("\n"));
  return hasLines ? asTags(call) : asFence(call);
}

function asFence({ name, input }: Pick<ToolCall, "name" | "input">): string {
  return `\`\`\`tool\n${JSON.stringify({ name, arguments: input })}\n\`\`\``;
}

function asTags({ name, input }: Pick<ToolCall, "name" | "input">): string {
  const tags = Object.entries(input).map(([key, value]) => {
    const written = typeof value === "string" ? value : JSON.stringify(value);
    return written.includes("\n") ? `<${key}>\n${written}\n</${key}>` : `<${key}>${written}</${key}>`;
  });
  return [`<tool name="${name}">`, ...tags, "</tool>"].join("\n");
}

function resultText({ name, text, isError }: ToolResult): string {
  return `<result of="${name}"${isError ? ' error="yes"' : ""}>\n${text}\n</result>`;
}

/**
 * The call that a model meant and did not write well: its result tells the model how to write it.
 * @param written what the model wrote from where the call begins
 * @throws ModelFailure after too many of them in a row
 */
export function malformedCall(
  problem: string,
  written: string,
  conversation: readonly Message[],
  offer: Offer,
  isInWords: boolean,
): Omit<ToolCall, "id"> {
  if (correctionsAtEnd(conversation) >= MAX_CORRECTIONS) {
    throw new ModelFailure({
      kind: "bad_reply",
      message: `The model wrote ${MAX_CORRECTIONS + 1} tool calls in a row that cannot be read.`,
      hint: "It may be too small for tools. Choose a model that can use tools by itself.",
      retryable: false,
    });
  }
  const name = [...offer.keys()].find((each) => written.includes(each)) ?? "tool";
  const how = isInWords
    ? howToCall(offer)
    : "Call tools as the API has it, and never in the text of a reply.";
  const invalid = `The call could not be read. ${problem}\n${how}`;
  return { name, input: {}, invalid };
}

/** How many of the last replies, one after the other, held a call that could not be read. */
function correctionsAtEnd(conversation: readonly Message[]): number {
  const replies = conversation.filter((message) => message.role !== "tool");
  const isBroken = (message: Exclude<Message, ToolResult>) =>
    message.role === "assistant" && message.toolCalls.some(({ invalid }) => invalid !== undefined);
  return replies.length - 1 - replies.findLastIndex((message) => !isBroken(message));
}
