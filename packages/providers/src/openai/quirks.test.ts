import type { Message } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import {
  type Answer,
  answering,
  ask,
  ended,
  events,
  fine,
  hello,
  messageItem,
  refusing,
} from "../../test/openai.ts";

const fineItem = events(
  { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Fine." },
  ended([messageItem("Fine.")]),
);

/** Refuses every request that has `field`, in these words. */
function picky(field: string, status: number, body: object): Answer {
  return (response, request) => {
    if (!(field in request.body)) return response.writeHead(500).end("it was left out too early");
    return response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

test.each([
  [
    "reasoning",
    { param: "reasoning.effort", message: "Unsupported parameter: 'reasoning.effort' is not supported…" },
  ],
  ["reasoning", { param: "reasoning.summary", message: "Your organization must be verified to generate…" }],
  ["include", { param: "include", message: "Encrypted content is not supported with this model." }],
  ["include", { message: "Encrypted content is not supported with this model." }],
  ["prompt_cache_key", { message: "Unknown parameter: 'prompt_cache_key'." }],
])("a model that refuses %s is asked without it, at once and unseen: %j", async (field, error) => {
  const server = await answering(picky(field, 400, { error }), fineItem);
  const { events: heard, reply } = await ask(server, { api: "responses" });
  expect(reply.message.text).toBe("Fine.");
  expect(heard.map(({ type }) => type)).toEqual(["text_delta", "reply_end"]);
  expect(server.received[1]?.body).not.toHaveProperty(field);
});

test.each([
  [400, { error: { message: "Unrecognized request argument supplied: stream_options" } }],
  [422, { detail: [{ type: "extra_forbidden", loc: ["body", "stream_options"], msg: "Extra inputs…" }] }],
  [400, { object: "error", message: "stream_options.include_usage is not supported" }],
])("a server that cannot count tokens is asked without: %d %j", async (status, body) => {
  const server = await answering(picky("stream_options", status, body), fine);
  const { events: heard, reply } = await ask(server);
  expect(reply).toMatchObject({ stop: "done", usage: {}, message: { text: "Fine." } });
  expect(heard.some(({ type }) => type === "retry")).toBe(false);
  expect(server.received[1]?.body).toEqual({ model: "a-model", messages: expect.anything(), stream: true });
});

test.each([
  [400, { object: "error", message: "System role not supported", type: "BadRequestError", code: 400 }],
  [500, { error: { message: "Only user, assistant and tool roles are supported, got system." } }],
])("a model that knows no system prompt hears it from the user: %d %j", async (status, body) => {
  const refusal: Answer = (response) => response.writeHead(status).end(JSON.stringify(body));
  const server = await answering(refusal, fine, fine);
  const { events: heard } = await ask(server, { system: "Be brief." });
  expect(heard.map(({ type }) => type)).toEqual(["text_delta", "reply_end"]);
  expect(server.received[1]?.body.messages).toEqual([{ role: "user", content: "Be brief.\n\nhello" }]);
});

test("a model whose turns must alternate gets what the user says in a row as one, in the end with the system prompt", async () => {
  const refusal: Answer = (response) => {
    const message = "Conversation roles must alternate user/assistant/user/assistant/...";
    response.writeHead(400).end(JSON.stringify({ message }));
  };
  const server = await answering(refusal, refusal, fine);
  const { events: heard } = await ask(server, { system: "Be brief.", conversation: [...hello, ...hello] });
  expect(heard.map(({ type }) => type)).toEqual(["text_delta", "reply_end"]);
  expect(server.received.map(({ body }) => body.messages)).toEqual([
    [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hello" },
      { role: "user", content: "hello" },
    ],
    [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hello\n\nhello" },
    ],
    [{ role: "user", content: "Be brief.\n\nhello\n\nhello" }],
  ]);
});

describe("own forms that the service does not take back", () => {
  const own = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };
  const conversation: Message[] = [
    ...hello,
    {
      role: "assistant",
      text: "Hi.",
      toolCalls: [],
      native: { provider: "openai", model: "a-model", data: [own, messageItem("Hi.")] },
    },
    { role: "user", text: "and now?" },
  ];

  test.each([
    [
      400,
      { code: "invalid_encrypted_content", message: "The encrypted content gAAA… could not be verified." },
    ],
    [
      404,
      { message: "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false." },
    ],
    [400, { message: "Item 'rs_1' of type 'reasoning' was provided without its required following item." }],
  ])("go in neutral form: %d %j", async (status, error) => {
    const server = await answering(refusing(status, error), fineItem);
    const { reply } = await ask(server, { api: "responses", conversation });
    expect(reply.message.text).toBe("Fine.");
    expect(server.received[1]?.body.input).toEqual([
      { role: "user", content: "hello" },
      { role: "assistant", content: "Hi." },
      { role: "user", content: "and now?" },
    ]);
    // The reasoning of turns to come is still wanted.
    expect(server.received[1]?.body).toHaveProperty("include");
  });

  test("are not dropped twice: the second refusal is the user's to read", async () => {
    const no = refusing(400, { code: "invalid_encrypted_content", message: "could not be verified" });
    const { reply } = await ask(await answering(no, no), { api: "responses", conversation });
    expect(reply.error).toMatchObject({ kind: "bad_request", status: 400 });
  });
});

test("a refusal of what has to be sent is not learned from", async () => {
  const server = await answering(
    refusing(400, { param: "model", message: "Missing required parameter: 'model'." }),
  );
  const { reply } = await ask(server);
  expect(reply.error?.kind).toBe("bad_request");
  expect(server.received).toHaveLength(1);
});

test("a server that refuses the same field for ever is given up", async () => {
  const no = refusing(400, { param: "stream_options", message: "no" });
  const server = await answering(no, no, no, no);
  expect((await ask(server)).reply.error?.kind).toBe("bad_request");
  expect(server.received).toHaveLength(2);
});

describe("what a server wants in turns that are not its own is learned", () => {
  const own = {
    role: "assistant",
    content: null,
    reasoning_content: "mine",
    tool_calls: [
      { id: "call_0123456789ab", type: "function", function: { name: "read_file", arguments: "{}" } },
    ],
  };
  const turn = (id: string, more: object = {}): Message[] => [
    { role: "assistant", text: "", toolCalls: [{ id, name: "read_file", input: {} }], ...more },
    { role: "tool", callId: id, name: "read_file", text: "42", isError: false, summary: "" },
  ];
  const conversation: Message[] = [
    ...hello,
    ...turn("foreign", { reasoning: "another's" }),
    ...turn("call_0123456789ab", { native: { provider: "openai", model: "a-model", data: own } }),
    { role: "assistant", text: "It is 42.", toolCalls: [] },
    { role: "user", text: "and now?" },
  ];
  const messagesOf = (body: Record<string, unknown> | undefined) =>
    body?.messages as Record<string, unknown>[];

  test.each([
    "The `reasoning_content` in the thinking mode must be passed back to the API.",
    "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
  ])("thoughts: own ones stay, and the field is added where it is missing: %s", async (message) => {
    const server = await answering(refusing(400, { message }), fine);
    const { reply } = await ask(server, { conversation });
    expect(reply.message.text).toBe("Fine.");
    const assistants = messagesOf(server.received[1]?.body).filter(({ role }) => role === "assistant");
    expect(assistants.map((each) => each.reasoning_content)).toEqual(["another's", "mine", ""]);
  });

  test.each([
    [400, { error: { message: "Unknown field: reasoning_content" } }],
    [400, { error: { message: "'messages.3' : property 'reasoning_content' is unsupported" } }],
    [
      422,
      {
        detail: [
          {
            type: "extra_forbidden",
            loc: ["body", "messages", 3, "assistant", "reasoning_content"],
            msg: "Extra inputs are not permitted",
          },
        ],
      },
    ],
    [400, { error: { message: "Unknown parameter", param: "messages[3].x", type: "unsupported" } }],
  ])("a server that refuses a field of a turn gets none: %i %j", async (status, body) => {
    const server = await answering(picky("messages", status, body), fine);
    expect((await ask(server, { conversation })).reply.message.text).toBe("Fine.");
    expect(JSON.stringify(server.received[1]?.body)).not.toContain("reasoning_content");
  });

  test.each([
    "Tool call id was call_0123456789ab but must be a-z, A-Z, 0-9, with a length of 9.",
    "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 9.",
  ])("ids: each call and its result get one of nine letters: %s", async (message) => {
    const server = await answering(refusing(400, { message }), fine);
    const { reply } = await ask(server, { conversation });
    expect(reply.message.text).toBe("Fine.");
    const ids = messagesOf(server.received[1]?.body).flatMap(({ tool_calls, tool_call_id }) =>
      Array.isArray(tool_calls) ? tool_calls.map(({ id }) => id) : (tool_call_id ?? []),
    );
    expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2]]);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/);
  });
});
