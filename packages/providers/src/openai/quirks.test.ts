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
import { watchStream } from "./quirks.ts";

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

/** Reads an answer that comes in these pieces, as it is watched. */
async function read(...pieces: string[]) {
  const signs = { contentType: "", events: false, done: false };
  let beats = 0;
  const body = ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)));
  const answer = new Response(body, { status: 201, headers: { "content-type": "text/event-stream" } });
  const through = watchStream(
    async () => answer,
    signs,
    () => {
      beats++;
    },
  );
  const response = await through("http://localhost/");
  return { text: await response.text(), status: response.status, signs, beats };
}

describe("the watch over a stream", () => {
  test("changes nothing of what passes", async () => {
    const { text, status, signs } = await read("data: 1\n\n", "data: ü\n\n");
    expect([text, status]).toEqual(["data: 1\n\ndata: ü\n\n", 201]);
    expect(signs).toEqual({ contentType: "text/event-stream", events: true, done: false });
  });

  test("takes every piece for a sign of life, comments too", async () => {
    expect((await read(": ping\n\n", ": ping\n\n", ": ping\n\n")).beats).toBe(3);
  });

  test("sees the end wherever it is cut", async () => {
    const whole = 'data: {"a":1}\r\n\r\ndata: [DONE]\r\n\r\n';
    for (let at = 1; at < whole.length; at++) {
      const { signs } = await read(whole.slice(0, at), whole.slice(at));
      expect(signs).toMatchObject({ events: true, done: true });
    }
    expect((await read(...whole)).signs.done).toBe(true);
    expect((await read("data:[DONE]\n")).signs.done).toBe(true);
  });

  test.each(['data: {"a":"data: [DONE]"}\n\n', 'data: {"a":"\\ndata: [DONE]"}\n\n', "[DONE]\n"])(
    "is not fooled by %j",
    async (text) => {
      expect((await read(text)).signs.done).toBe(false);
    },
  );

  test("sees that comments are no events", async () => {
    expect((await read(": data: no\n\n")).signs.events).toBe(false);
  });

  test("lets an answer without a body pass", async () => {
    const through = watchStream(
      async () => new Response(null, { status: 204 }),
      { contentType: "", events: false, done: false },
      () => {},
    );
    expect((await through("http://localhost/")).status).toBe(204);
  });
});
