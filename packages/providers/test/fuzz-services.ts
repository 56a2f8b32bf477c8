/** The records that each service sends, with every field that is read of them, and what may come in the place of one. */
import { openAnthropic } from "../src/anthropic/index.ts";
import { openGemini } from "../src/gemini/index.ts";
import { openOllama } from "../src/ollama/index.ts";
import { openOpenAI } from "../src/openai/index.ts";

export const KEY = "sk-secret-0123456789";
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const call = { name: "read_file", arguments: { path: "a" } };
export const refusal = {
  error: {
    message: `Sorry, ${KEY}.`,
    code: 400,
    type: "t",
    param: "p",
    status: "S",
    details: [{ reason: "R", retryDelay: "1s", violations: [{ quotaId: "PerDay" }] }],
  },
};

export interface Service {
  open(url: string): ReturnType<typeof openOpenAI>;
  /** The records of replies that use every field that is read. */
  readonly streams: readonly (readonly Json[])[];
  /** What other paths answer. */
  readonly others?: Readonly<Record<string, Json>>;
  write(records: readonly Json[]): string;
}

const events = (records: readonly Json[]) =>
  records.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("");
const fragment = {
  index: 0,
  id: "c",
  type: "function",
  function: { name: call.name, arguments: '{"path":"a"}' },
};
const details = [{ type: "reasoning.text", text: "hm", signature: "s", index: 0 }];
const delta = {
  role: "assistant",
  content: "Hi.",
  refusal: null,
  reasoning_content: "hm",
  reasoning_details: details,
  thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "s" }],
  reasoning_opaque: "g",
  tool_calls: [fragment],
};
const usage = {
  ...{ prompt_tokens: 9, completion_tokens: 1 },
  prompt_tokens_details: { cached_tokens: 1 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const items = [
  { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "g" },
  { type: "message", id: "m_1", role: "assistant", content: [{ type: "output_text", text: "Hi." }] },
  {
    type: "function_call",
    id: "fc_1",
    call_id: "c",
    name: call.name,
    arguments: '{"path":"a"}',
    status: "completed",
  },
];
const counted = {
  ...{ input_tokens: 9, output_tokens: 1 },
  input_tokens_details: { cached_tokens: 1 },
  output_tokens_details: { reasoning_tokens: 1 },
};
const part = { functionCall: { id: "f", name: call.name, args: call.arguments }, thoughtSignature: "s" };
const place = [{ jsonPath: "$.a[0].b", stringValue: "c", numberValue: 1, willContinue: true }];
const metadata = {
  ...{ promptTokenCount: 9, candidatesTokenCount: 1 },
  ...{ cachedContentTokenCount: 1, thoughtsTokenCount: 1 },
};

const refused = { category: "c", explanation: `Sorry, ${KEY}.` };
const blocks = [
  { type: "thinking", thinking: "hm", signature: "s" },
  { type: "redacted_thinking", data: "d" },
  { type: "text", text: "Hi." },
  { type: "tool_use", id: "c", name: call.name, input: {} },
];
const deltas = [
  { type: "signature_delta", signature: "s" },
  { type: "text_delta", text: "Hi." },
  { type: "input_json_delta", partial_json: '{"path":"a"}' },
];

export const services: Record<string, Service> = {
  anthropic: {
    open: async (url) => openAnthropic("m", { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: KEY }),
    streams: [
      [
        { type: "message_start", message: { usage: { input_tokens: 9, cache_read_input_tokens: 1 } } },
        ...blocks.map((content_block, index) => ({ type: "content_block_start", index, content_block })),
        ...deltas.map((delta, at) => ({ type: "content_block_delta", index: at === 0 ? 0 : at + 1, delta })),
        { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 1 } },
      ],
      [{ type: "message_delta", delta: { stop_reason: "refusal", stop_details: refused } }],
    ],
    write: events,
  },
  chat: {
    open: (url) => openOpenAI("m", { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY }),
    streams: [
      [
        { choices: [{ index: 0, delta, finish_reason: null }] },
        {
          choices: [{ index: 0, delta: {}, finish_reason: "tool_calls", native_finish_reason: "stop" }],
          base_resp: { status_code: 0, status_msg: "" },
          usage,
        },
      ],
    ],
    write: (records) => `${events(records)}data: [DONE]\n\n`,
  },
  responses: {
    open: (url) =>
      openOpenAI("m", { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY, OPENAI_API: "responses" }),
    streams: [
      [
        { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "hm" },
        { type: "response.output_text.delta", output_index: 1, content_index: 0, delta: "Hi." },
        { type: "response.output_text.done", output_index: 1, content_index: 0, text: "Hi." },
        { type: "response.function_call_arguments.done", output_index: 2, item_id: "fc_1", arguments: "{}" },
        ...items.map((item, output_index) => ({ type: "response.output_item.done", output_index, item })),
        {
          type: "response.completed",
          response: {
            status: "completed",
            output: items,
            usage: counted,
            incomplete_details: null,
            error: null,
          },
        },
      ],
      [
        {
          type: "response.incomplete",
          response: {
            status: "incomplete",
            output: items,
            incomplete_details: { reason: "max_output_tokens" },
          },
        },
      ],
      [
        {
          type: "response.failed",
          response: { status: "failed", error: { code: "server_error", message: "Sorry." } },
        },
      ],
    ],
    write: events,
  },
  gemini: {
    open: async (url) => openGemini("m", { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: KEY }),
    streams: [
      [
        {
          candidates: [
            {
              index: 0,
              content: { role: "model", parts: [{ text: "hm", thought: true }, { text: "Hi." }, part] },
            },
          ],
        },
        { candidates: [{ finishReason: "STOP", finishMessage: "ok" }], usageMetadata: metadata },
      ],
      [
        {
          candidates: [
            {
              content: { parts: [{ functionCall: { name: "x", partialArgs: place } }] },
              finishReason: "STOP",
            },
          ],
        },
      ],
      [{ promptFeedback: { blockReason: "SAFETY", blockReasonMessage: "no" } }],
      [{ candidates: [{ finishReason: "SAFETY", finishMessage: `Sorry, ${KEY}.` }] }],
    ],
    write: events,
  },
  ollama: {
    open: (url) => openOllama("m", { OLLAMA_HOST: url, OLLAMA_API_KEY: KEY }),
    streams: [
      [
        {
          model: "m",
          message: {
            role: "assistant",
            content: "Hi.",
            thinking: "hm",
            tool_calls: [{ id: "c", function: call }],
          },
          done: false,
        },
        {
          model: "m",
          message: { role: "assistant", content: "" },
          done: true,
          done_reason: "stop",
          prompt_eval_count: 9,
          eval_count: 1,
        },
      ],
    ],
    others: {
      "/api/show": {
        capabilities: ["completion", "tools", "thinking"],
        details: { family: "qwen3" },
        parameters: "num_ctx 4096",
        model_info: { "general.architecture": "qwen3", "qwen3.context_length": 40_960 },
        remote_host: "",
      },
    },
    write: (records) => `${records.map((each) => JSON.stringify(each)).join("\n")}\n`,
  },
};

/** One value, and what else may be sent in its place. */
const strangers: readonly Json[] = JSON.parse(
  '[null,true,false,0,-1,1.5,"","x","undefined",[],{},[null],[[]],{"a":1},{"toString":1},[{"text":"x"}]]',
);

/** The same value with one place in it changed, for each place and each change; `undefined` for a missing field. */
export function* variants(value: Json): Generator<Json | undefined> {
  yield undefined;
  yield* strangers;
  yield [value];
  yield { value };
  if (Array.isArray(value)) {
    yield [...value, ...value];
    for (const [at, each] of value.entries())
      for (const other of variants(each)) yield value.with(at, other ?? null);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      for (const other of variants(each as Json)) {
        const { [key]: _, ...rest } = value as Record<string, Json>;
        yield other === undefined ? rest : { ...rest, [key]: other };
      }
    }
  }
}
