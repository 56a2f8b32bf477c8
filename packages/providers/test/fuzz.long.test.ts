import type { ServerResponse } from "node:http";
import { type AssistantMessage, ModelFailure, modelOf } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { type Received, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { openGemini } from "../src/gemini/index.ts";
import { openOllama } from "../src/ollama/index.ts";
import { openOpenAI } from "../src/openai/index.ts";
import { withTextForm } from "../src/text-form/index.ts";

/** Every field of what servers send is missing, null, of each other type, and nested once more, one at a time. */

const KEY = "sk-secret-0123456789";
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const call = { name: "read_file", arguments: { path: "a" } };
const refusal = {
  error: {
    message: `Sorry, ${KEY}.`,
    code: 400,
    type: "t",
    param: "p",
    status: "S",
    details: [{ reason: "R", retryDelay: "1s", violations: [{ quotaId: "PerDay" }] }],
  },
};

interface Service {
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
  tool_calls: [fragment],
};
const usage = {
  prompt_tokens: 9,
  completion_tokens: 1,
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
  input_tokens: 9,
  output_tokens: 1,
  input_tokens_details: { cached_tokens: 1 },
  output_tokens_details: { reasoning_tokens: 1 },
};
const part = { functionCall: { id: "f", name: call.name, args: call.arguments }, thoughtSignature: "s" };
const metadata = {
  promptTokenCount: 9,
  candidatesTokenCount: 1,
  cachedContentTokenCount: 1,
  thoughtsTokenCount: 1,
};

const services: Record<string, Service> = {
  chat: {
    open: (url) => openOpenAI("m", { OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY }),
    streams: [
      [
        { choices: [{ index: 0, delta, finish_reason: null }] },
        { choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }], usage },
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
      [{ promptFeedback: { blockReason: "SAFETY", blockReasonMessage: "no" } }],
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
const strangers: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  "",
  "x",
  "undefined",
  [],
  {},
  [null],
  [[]],
  { a: 1 },
  { toString: 1 },
  [{ text: "x" }],
];

/** The same value with one place in it changed, for each place and each change; `undefined` for a missing field. */
function* variants(value: Json): Generator<Json | undefined> {
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

const words =
  /object Object|undefined|\bnull\b|NaN|is not (iterable|a function)|Cannot (read|convert|destructure|set)|Unexpected (token|end|non-white)|TypeError|SyntaxError|RangeError|This is a bug| failed: /;
const tools = [
  {
    name: "read_file",
    description: "d",
    parameters: async () => ({
      type: "object",
      properties: { path: { type: "string" } },
      required: ["path"],
    }),
  },
];

/** Asks once, through everything, and looks at all that could reach a user, a session or the next request. */
async function expectSound(service: Service, url: string, what: string): Promise<void> {
  const stop = new AbortController();
  const provider = withTextForm(await service.open(url));
  const conversation = [{ role: "user", text: "hello" }] as const;
  const stream = modelOf(provider).stream({ conversation, tools }, stop.signal);
  // The first failure tells: there is no need to see it five times.
  const { events: heard, reply } = await hear(stream, (event) => event.type === "retry" && stop.abort());
  const errors = [reply.error, ...heard.map((event) => (event.type === "retry" ? event.error : undefined))];
  const told = errors.flatMap((error) => (error ? [error.message, error.hint ?? ""] : []));
  expect(told.join("\n"), what).not.toMatch(words);
  expect(JSON.stringify([heard, reply]), what).not.toContain(KEY.slice(0, 12));
  const { message } = reply;
  expect([typeof message.text, typeof (message.reasoning ?? "")], what).toEqual(["string", "string"]);
  expect(`${message.text}${message.reasoning ?? ""}`, what).not.toContain("[object Object]");
  for (const { id, name, input, invalid = "" } of message.toolCalls) {
    expect([typeof id, typeof name, typeof input, Array.isArray(input)], what).toEqual([
      "string",
      "string",
      "object",
      false,
    ]);
    expect(invalid, what).not.toMatch(words);
  }
  for (const count of Object.values(reply.usage)) expect(count, what).toBeTypeOf("number");
  await expectReadable(service, url, message, what);
}

/** What was kept of a reply can be sent again, whatever it was. */
async function expectReadable(
  service: Service,
  url: string,
  said: AssistantMessage,
  what: string,
): Promise<void> {
  const provider = await service.open(url);
  const results = said.toolCalls.map(({ id: callId, name }) => {
    return { role: "tool", callId, name, text: "42", isError: false, summary: "" } as const;
  });
  const conversation = [{ role: "user", text: "hello" } as const, said, ...results];
  const attempt = provider.attempt(
    { conversation, tools },
    { signal: new AbortController().signal, alive() {} },
  );
  const error = await attempt.next().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await attempt.return({} as never).catch(() => {});
  const known = error === undefined || error instanceof ModelFailure || provider.explain(error) !== undefined;
  expect(known ? "" : String(error), what).toBe("");
}

/** What the server answers now. */
interface Now {
  status: number;
  body: string;
  others: Readonly<Record<string, unknown>>;
}

async function scene() {
  const now: Now = { status: 200, body: "", others: {} };
  const consoles = (["log", "warn", "error"] as const).map((name) => ({ name, was: console[name] }));
  for (const { name } of consoles) console[name] = (...said) => expect.fail(`console: ${said.join(" ")}`);
  onTestFinished(() => {
    for (const { name, was } of consoles) console[name] = was;
  });
  const { url } = await serve(({ path }: Received, response: ServerResponse) =>
    path in now.others
      ? sendJson(response, 200, now.others[path])
      : response.writeHead(now.status).end(now.body),
  );
  return { url, now };
}

describe.each(Object.entries(services))("%s", (_, service) => {
  test("no shape of a stream breaks a reply, or is shown as a program sees it", async () => {
    const { url, now } = await scene();
    for (const records of service.streams) {
      for (const [at, record] of records.entries()) {
        for (const other of variants(record)) {
          Object.assign(now, {
            status: 200,
            body: service.write(records.with(at, other ?? null)),
            others: service.others ?? {},
          });
          await expectSound(service, url, JSON.stringify(other));
        }
      }
    }
  });

  test("no shape of an error does, as an answer or inside a stream", async () => {
    const { url, now } = await scene();
    for (const other of variants(refusal)) {
      for (const status of [400, 503]) {
        Object.assign(now, { status, body: JSON.stringify(other) ?? "", others: service.others ?? {} });
        await expectSound(service, url, `${status} ${now.body}`);
      }
      Object.assign(now, {
        status: 200,
        body: service.write([service.streams[0]?.[0] ?? null, other ?? null]),
      });
      await expectSound(service, url, `200 ${now.body}`);
    }
  });

  test("no cut of a stream counts as done with half a call", async () => {
    const { url, now } = await scene();
    const whole = service.write(service.streams[0] ?? []);
    for (let length = 0; length < whole.length; length += 3) {
      Object.assign(now, { status: 200, body: whole.slice(0, length), others: service.others ?? {} });
      await expectSound(service, url, whole.slice(0, length));
    }
  });
});

test("no shape of Ollama's description of a model breaks a reply, or is shown as a program sees it", async () => {
  const { ollama } = services;
  const { url, now } = await scene();
  for (const [path, body] of Object.entries(ollama?.others ?? {})) {
    for (const other of variants(body)) {
      const others = { [path]: other ?? null };
      Object.assign(now, { body: ollama?.write(ollama.streams[0] ?? []), others });
      if (ollama) await expectSound(ollama, url, JSON.stringify(other));
    }
  }
});
