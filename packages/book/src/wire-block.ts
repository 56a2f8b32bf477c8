import type { Message, ModelRequest } from "@eightfold/core";
import { chooseModel } from "@eightfold/providers";
import { dialects, type RecordedRequest, type ScriptedReply, startWire, type View } from "@eightfold/wire";
import type { Block } from "./blocks.ts";
import { normalise } from "./normalise.ts";
import { printJson } from "./print-json.ts";
import { Problem } from "./problem.ts";
import type { Rendered } from "./render.ts";
import { readScript } from "./run-block.ts";
import type { Scratch } from "./scratch.ts";
import { runInTerminal } from "./screen.ts";

/**
 * `<!-- wire (request 2): 5 "what is in README.md?" -->`: the body of a request that the phase makes, while the demo
 * model answers from a server. With several texts it is a conversation.
 */
export async function renderWire(block: Block, scratch: Scratch): Promise<Rendered> {
  const [, phase, words = ""] = /^(\d+)((?:\s+"[^"]+")+)$/.exec(block.text) ?? [];
  const texts = [...words.matchAll(/"([^"]+)"/g)].map(([, text = ""]) => text);
  if (!phase) throw new Problem('Write it as <!-- wire: 5 "what is in README.md?" -->.');
  const dialect = dialects.find((name) => block.options.includes(name)) ?? "chat";
  await using wire = await startWire(dialect, demoReply);
  const [only] = texts;
  const start = `pnpm phase ${phase} start`;
  const { script, keys } = readScript(
    texts.length === 1 ? `${start} "${only}"` : [start, ...texts.map((text) => `> ${text}`)].join("\n"),
  );
  const { screen } = await runInTerminal(script, keys, scratch.folder, { ...scratch.env, ...wire.env });
  const number = Number(/\brequest (\d+)/.exec(block.options)?.[1] ?? wire.requests.length);
  const request = wire.requests[number - 1];
  if (!request)
    throw new Problem(`It makes ${wire.requests.length} requests, and none is number ${number}.\n${screen}`);
  const part = /\bpart ([\w.]+)/.exec(block.options)?.[1]?.split(".") ?? [];
  const body: unknown = JSON.parse(normalise(request.raw).join(" "));
  return { info: "json", body: printJson(partOf(body, part)) };
}

function partOf(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  const inner = value !== null && typeof value === "object" ? Object.entries(value) : [];
  const found = inner.find(([name]) => name === key);
  if (!found)
    throw new Problem(`The request has no ${key}. It has: ${inner.map(([name]) => name).join(", ")}.`);
  return partOf(found[1], rest);
}

/** What the demo model says to a request, as the script of a server. */
export async function demoReply({ view }: RecordedRequest): Promise<ScriptedReply> {
  const made = view.messages.filter(({ role }) => role === "tool").length;
  const { model } = await chooseModel("demo", {});
  const tools = view.tools.map(({ name, description = "" }) => ({ name, description, parameters: {} }));
  const request: ModelRequest = { conversation: conversationOf(view), tools };
  const replies = model.stream(request, new AbortController().signal);
  for (;;) {
    const { done, value } = await replies.next();
    if (done) {
      const { text, toolCalls } = value.message;
      const calls = toolCalls.map(({ name, input }, index) => ({
        id: `call_${made + index + 1}`,
        name,
        input,
      }));
      return { text, calls };
    }
  }
}

function conversationOf({ messages }: View): Message[] {
  const calls = messages.flatMap((message) => (message.role === "assistant" ? message.calls : []));
  return messages.map((message): Message => {
    if (message.role === "user") return message;
    if (message.role === "tool") {
      const { callId, text } = message;
      const name = message.name ?? calls.find(({ id }) => id === callId)?.name ?? "";
      const isError = text.startsWith("Not run:"); // no protocol says so, and the demo acts on it
      return { role: "tool", callId, name, text, isError, summary: "" };
    }
    const toolCalls = message.calls.map(({ id, name, input }) => ({ id, name, input: { ...Object(input) } }));
    return { role: "assistant", text: message.text, toolCalls };
  });
}
