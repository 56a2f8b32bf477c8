import type { ServerResponse } from "node:http";
import { type Message, type ModelRequest, modelOf } from "@eightfold/core";
import { type Heard, hear } from "@eightfold/core/test/hear";
import { type Received, type ScratchServer, serve } from "@eightfold/core/test/scratch-server";
import { vi } from "vitest";
import { addFragment, type CallDraft } from "../src/openai/chat/calls.ts";
import { openOpenAI } from "../src/openai/index.ts";

/** Scratch servers that speak, or misspeak, OpenAI's two protocols. */

/** Waits that nobody hints at are random, between nothing and a bound: here they are nothing. */
export const waitForNothing = () => void vi.spyOn(Math, "random").mockReturnValue(0);

export type Answer = string | ((response: ServerResponse, request: Received) => unknown);

/** Answers the first request with the first answer, and so on; texts are streams of events. */
export function answering(...answers: Answer[]): Promise<ScratchServer> {
  return serve((request, response, index) => {
    const answer = answers[index];
    if (answer === undefined) return response.writeHead(500).end('{"error":{"message":"no further answer"}}');
    if (typeof answer !== "string") return answer(response, request);
    return response.writeHead(200, { "content-type": "text/event-stream" }).end(answer);
  });
}

export interface Asking extends Partial<ModelRequest> {
  readonly api?: "chat" | "responses";
  readonly model?: string;
  readonly signal?: AbortSignal;
}

/** Asks once, through retries and all. Without anything else: says hello over Chat Completions. */
export async function ask({ url }: ScratchServer, asking: Asking = {}): Promise<Heard> {
  const { api = "chat", model = "a-model", signal = new AbortController().signal, ...request } = asking;
  waitForNothing();
  const provider = await openOpenAI(model, { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API: api });
  return hear(modelOf(provider).stream({ conversation: hello, ...request }, signal));
}

export const hello: readonly Message[] = [{ role: "user", text: "hello" }];

export function refusing(status: number, error: object, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(JSON.stringify({ error }));
}

export function events(...data: (object | string)[]): string {
  return data
    .map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`)
    .join("");
}

/** One chunk of Chat Completions. */
export function chunk(delta: object, finish: string | null = null): object {
  return { object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] };
}

/** A fragment of a tool call, as a chunk. */
export function fragment(
  index: number | undefined,
  id: string | undefined,
  name?: string,
  text = "",
): object {
  return chunk({ tool_calls: [{ index, id, function: { name, arguments: text } }] });
}

/** A whole Chat reply. */
export const fine = events(chunk({ content: "Fine." }), chunk({}, "stop"), "[DONE]");

/** The last event of Responses. */
export function ended(output: object[], more: object = {}): object {
  return { type: "response.completed", response: { status: "completed", output, ...more } };
}

/** A message of Responses, as an item. */
export function messageItem(text: string): object {
  return {
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text }],
  };
}

/** A reply of Responses in one piece of text. */
export function said(delta: string, output_index = 0): object {
  return { type: "response.output_text.delta", output_index, content_index: 0, item_id: "msg_1", delta };
}

/** A call of Responses, as an item. */
export function callItem(call_id: string, args: string, more: object = {}): object {
  return { type: "function_call", id: `fc_${call_id}`, call_id, name: "read_file", arguments: args, ...more };
}

const FINE = { chat: fine, responses: events(said("Fine."), ended([messageItem("Fine.")])) };

/** What becomes of one stream; the reply after it would be "Fine.". */
export async function replyTo(api: "chat" | "responses", ...data: (object | string)[]) {
  const server = await answering(events(...data), FINE[api]);
  const { events: heard, reply } = await ask(server, { api });
  const kinds = heard.map((event) => (event.type === "retry" ? `retry: ${event.error.kind}` : event.type));
  return { ...reply, heard, kinds };
}

/** `[index, id, name, arguments]`, as the fields of a fragment. */
export type Piece = [
  index: number | undefined,
  id?: string | undefined,
  name?: string | undefined,
  text?: unknown,
];

export function assemble(...pieces: Piece[]): CallDraft[] {
  const drafts: CallDraft[] = [];
  for (const [index, id, name, text] of pieces) {
    addFragment(drafts, { index, id, type: "function", function: { name, arguments: text } });
  }
  return drafts;
}

export const shownCalls = (drafts: CallDraft[]) =>
  drafts.map((draft) => [draft.id, draft.name, draft.arguments]);
