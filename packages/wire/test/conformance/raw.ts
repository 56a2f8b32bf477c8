import type { Fault } from "../../src/index.ts";

/** The records of a dialect by hand, for what no strict server sends. */
export interface Raw {
  /** A piece of text, or whatever is in the place of it. */
  text(text: unknown): object;
  /** All of a call. */
  call(name: string, args: object, id?: string): object;
  /** The record that ends a reply, for its calls where the dialect says so. */
  end(isForCalls?: boolean): object;
  /** All of a reply that refuses for this reason, where the service can say so. */
  refused?(why: string): readonly object[];
  /** The counts of a reply's input, in its last record. */
  counted(input: number): object;
  frame(record: object | string): string;
}

const event = (record: object | string) =>
  `data: ${typeof record === "string" ? record : JSON.stringify(record)}\n\n`;
const line = (record: object | string) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`;
const choice = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const candidate = (part: object) => ({ candidates: [{ content: { role: "model", parts: [part] } }] });

const ollama: Raw = {
  text: (content) => ({ message: { role: "assistant", content }, done: false }),
  call: (name, args, id) => ({ message: { tool_calls: [{ id, function: { name, arguments: args } }] } }),
  end: () => ({ message: { content: "" }, done: true, done_reason: "stop" }),
  counted: (prompt_eval_count) => ({ ...ollama.end(), prompt_eval_count, eval_count: 1 }),
  frame: line,
};

export const raw = {
  chat: {
    text: (content) => choice({ content }),
    call: (name, args, id) =>
      choice({ tool_calls: [{ id, function: { name, arguments: JSON.stringify(args) } }] }),
    end: (isForCalls) => choice({}, isForCalls ? "tool_calls" : "stop"),
    refused: (refusal) => [choice({ refusal }), choice({}, "stop")],
    counted: (prompt_tokens) => ({ ...choice({}, "stop"), usage: { prompt_tokens, completion_tokens: 1 } }),
    frame: event,
  },
  responses: {
    text: (delta) => ({ type: "response.output_text.delta", output_index: 0, delta }),
    call: (name, args, call_id) => ({
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "function_call", id: `fc_${call_id}`, call_id, name, arguments: JSON.stringify(args) },
    }),
    end: () => ({ type: "response.completed", response: { status: "completed", output: [] } }),
    refused: (refusal) => {
      const item = { type: "message", id: "m_1", role: "assistant", content: [{ type: "refusal", refusal }] };
      const done = { type: "response.completed", response: { status: "completed", output: [item] } };
      return [{ type: "response.output_item.done", output_index: 0, item }, done];
    },
    counted: (input_tokens) => ({
      type: "response.completed",
      response: { status: "completed", output: [], usage: { input_tokens, output_tokens: 1 } },
    }),
    frame: event,
  },
  anthropic: {
    text: (text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    call: (name, input, id) => ({
      type: "content_block_start",
      index: 1,
      content_block: { type: "tool_use", id, name, input },
    }),
    end: (isForCalls) => ({
      type: "message_delta",
      delta: { stop_reason: isForCalls ? "tool_use" : "end_turn" },
    }),
    refused: (explanation) => [
      {
        type: "message_delta",
        delta: { stop_reason: "refusal", stop_details: { type: "refusal", category: null, explanation } },
      },
    ],
    counted: (input_tokens) => ({
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens, output_tokens: 1 },
    }),
    frame: event,
  },
  gemini: {
    text: (text) => candidate({ text }),
    call: (name, args, id) => candidate({ functionCall: { ...(id && { id }), name, args } }),
    end: () => ({ candidates: [{ finishReason: "STOP" }] }),
    refused: (finishMessage) => [{ candidates: [{ finishReason: "SAFETY", finishMessage }] }],
    counted: (promptTokenCount) => ({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: { promptTokenCount, candidatesTokenCount: 1 },
    }),
    frame: event,
  },
  ollama,
} as const satisfies Record<string, Raw>;

/** An answer of these records, or of their frames in other words. */
export function sends(
  { frame }: Raw,
  records: readonly (object | string)[],
  rewrite = (frames: string) => frames,
): Fault {
  return { type: "http", status: 200, body: rewrite(records.map(frame).join("")) };
}
