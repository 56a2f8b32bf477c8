/** A model in Ollama that writes its calls as text, and a turn of a conversation with it. */
import type { CompleteReply, Message } from "@eightfold/core";
import { sendJson } from "@eightfold/core/test/scratch-server";
import { withTextForm } from "../src/text-form/index.ts";
import type { Offer } from "../src/text-form/markup.ts";
import { end, ollamaAt, ollamaServer, say, sendLines } from "./ollama.ts";

const text = { type: "string" };

/** What models are offered where only their text is read. */
export const offer: Offer = new Map([
  [
    "read_file",
    { type: "object", properties: { path: text, limit: { type: "integer" } }, required: ["path"] },
  ],
  [
    "write_file",
    { type: "object", properties: { path: text, content: text }, required: ["path", "content"] },
  ],
  ["list_files", { type: "object", properties: {} }],
]);

const readFile = {
  name: "read_file",
  description: "Reads a text file.",
  parameters: {
    type: "object",
    properties: { path: { type: "string" }, limit: { type: "integer" } },
    required: ["path"],
  },
};
export const tools = [readFile];
export const hello: Message = { role: "user", text: "What is in a?" };
export const withoutTools = { capabilities: ["completion"] };

/** A model in Ollama that replies with these texts, one a request, in pieces. */
export async function replying(texts: readonly (string | object)[], show: object = withoutTools) {
  let index = 0;
  const server = await ollamaServer({
    show,
    chat(response) {
      const reply = texts[index++] ?? "";
      if (typeof reply !== "string") return sendJson(response, 400, reply);
      const pieces = reply.match(/[\s\S]{1,7}/g) ?? [];
      return sendLines(response, [...pieces.map((content) => say({ content })), say({}, end)]);
    },
  });
  return { server, provider: withTextForm(await ollamaAt(server)) };
}

/** The conversation after one turn: the reply, and a result for each of its calls. */
export function withReply(
  conversation: readonly Message[],
  reply: CompleteReply | undefined,
  text = "hello",
): Message[] {
  const calls = reply?.message.toolCalls ?? [];
  const results = calls.map(({ id, name, invalid }): Message => {
    return {
      role: "tool",
      callId: id,
      name,
      text: invalid ?? text,
      isError: invalid !== undefined,
      summary: "",
    };
  });
  return [...conversation, ...(reply ? [reply.message] : []), ...results];
}

export const shown = (asked: { deltas: readonly { text: string }[] }) =>
  asked.deltas.map(({ text }) => text).join("");
