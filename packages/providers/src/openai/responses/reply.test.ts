import { describe, expect, test } from "vitest";
import { answering, ask, callItem, ended, events, messageItem, replyTo, said } from "../../../test/openai.ts";

function thought(delta: string, summary_index = 0): object {
  return {
    type: "response.reasoning_summary_text.delta",
    output_index: 0,
    summary_index,
    item_id: "rs_1",
    delta,
  };
}

test("text and summaries of thoughts stream as they come, each part a paragraph", async () => {
  const { message, heard } = await replyTo(
    "responses",
    thought("First "),
    thought("this."),
    thought("Then that.", 1),
    said("Let me look.", 1),
    said("Fi", 2),
    said("ne.", 2),
    ended([messageItem("Fine.")]),
  );
  expect(heard.slice(0, -1)).toEqual([
    { type: "reasoning_delta", text: "First " },
    { type: "reasoning_delta", text: "this." },
    { type: "reasoning_delta", text: "\n\nThen that." },
    { type: "text_delta", text: "Let me look." },
    { type: "text_delta", text: "\n\nFi" },
    { type: "text_delta", text: "ne." },
  ]);
  expect(message.text).toBe("Let me look.\n\nFine.");
  expect(message.reasoning).toBe("First this.\n\nThen that.");
});

test("open models tell their thoughts in full", async () => {
  const full = {
    type: "response.reasoning_text.delta",
    output_index: 0,
    content_index: 0,
    item_id: "rs_1",
    delta: "hm",
  };
  expect((await replyTo("responses", full, said("Hi."), ended([messageItem("Hi.")]))).message.reasoning).toBe(
    "hm",
  );
});

test("the output items are kept as they came, in order", async () => {
  const output = [
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" },
    { ...messageItem("Let me look."), phase: "commentary" },
    callItem("call_1", '{ "path": "a" }', { status: "completed" }),
  ];
  const { message, stop } = await replyTo("responses", said("Let me look.", 1), ended(output));
  expect(stop).toBe("tool_calls");
  expect(message.toolCalls).toEqual([{ id: "call_1", name: "read_file", input: { path: "a" } }]);
  expect(message.native).toEqual({ provider: "openai", model: "a-model", data: output });
});

test("a last event without output leaves the items that were finished before", async () => {
  const items = [callItem("call_1", "{}"), callItem("call_2", "{}")];
  const finished = items.map((item, index) => ({
    type: "response.output_item.done",
    output_index: index,
    item,
  }));
  const { message } = await replyTo("responses", ...finished.toReversed(), ended([]));
  expect(message.toolCalls.map(({ id }) => id)).toEqual(["call_1", "call_2"]);
  expect(message.native?.data).toEqual(items);
});

test("reasoning that led to nothing is not kept: it would be refused", async () => {
  const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" };
  const { message } = await replyTo(
    "responses",
    said("Hi."),
    ended([reasoning, messageItem("Hi."), reasoning]),
  );
  expect(message.native?.data).toEqual([reasoning, messageItem("Hi.")]);
});

test("reasoning that came without its content leaves nothing to send back in its own form", async () => {
  const bare = { type: "reasoning", id: "rs_1", summary: [] };
  const { message } = await replyTo("responses", said("Hi."), ended([bare, messageItem("Hi.")]));
  expect(message).toEqual({ role: "assistant", text: "Hi.", toolCalls: [] });
});

test("usage is read in the vendor's sense, and what is not told stays unknown", async () => {
  const usageOf = async (usage: object | null) =>
    (await replyTo("responses", said("Hi."), ended([messageItem("Hi.")], { usage }))).usage;
  expect(
    await usageOf({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 64, cache_write_tokens: 20 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 10 },
    }),
  ).toEqual({ input: 100, cached: 64, cacheWrite: 20, output: 30, reasoning: 10 });
  expect(await usageOf({ input_tokens: 100, output_tokens: 30 })).toEqual({ input: 100, output: 30 });
  expect(await usageOf(null)).toEqual({});
});

describe("calls that must not run", () => {
  const incomplete = (output: object[], reason: string) => ({
    type: "response.incomplete",
    response: { status: "incomplete", incomplete_details: { reason }, output, usage: { input_tokens: 1 } },
  });

  test("those of a reply that was cut by its length limit", async () => {
    const output = [callItem("call_1", "{}"), callItem("call_2", '{"pa', { status: "incomplete" })];
    const { message, stop, usage } = await replyTo("responses", incomplete(output, "max_output_tokens"));
    expect(stop).toBe("tool_calls");
    expect(message.toolCalls.map(({ invalid }) => invalid)).toEqual([
      expect.stringContaining("length limit"),
      expect.stringContaining("length limit"),
    ]);
    expect(message.native).toBeUndefined();
    expect(usage).toEqual({ input: 1 });
  });

  test("those of an incomplete response that does not say its status", async () => {
    const response = { output: [callItem("call_1", "{}")] };
    const { message } = await replyTo("responses", { type: "response.incomplete", response });
    expect(message.toolCalls[0]?.invalid).toContain("length limit");
  });

  test("one that is incomplete in a response that is complete", async () => {
    const { message } = await replyTo(
      "responses",
      ended([callItem("call_1", '{"a":1}', { status: "incomplete" })]),
    );
    expect(message.toolCalls[0]).toMatchObject({
      input: {},
      invalid: expect.stringContaining("length limit"),
    });
  });

  test("one whose arguments are no object, which goes back as one that every server can read", async () => {
    const { message } = await replyTo("responses", ended([callItem("call_1", '{"path":')]));
    expect(message.toolCalls[0]).toMatchObject({ input: {}, invalid: expect.stringContaining("JSON") });
    expect(message.native?.data).toEqual([callItem("call_1", "{}")]);
  });

  test("those of a reply that was filtered", async () => {
    const { message, stop } = await replyTo(
      "responses",
      incomplete([callItem("call_1", "{}")], "content_filter"),
    );
    expect([stop, message.toolCalls, message.native]).toEqual(["refused", [], undefined]);
  });

  test("text that is cut by its length limit is kept", async () => {
    const { message, stop } = await replyTo(
      "responses",
      said("Once upon"),
      incomplete([messageItem("Once upon")], "max_output_tokens"),
    );
    expect([stop, message.text, message.native]).toEqual(["length", "Once upon", undefined]);
  });
});

test("calls without an id of their own get one, in both forms of the turn", async () => {
  const { message } = await replyTo(
    "responses",
    ended([callItem("same", "{}"), callItem("same", "{}"), callItem("", "{}")]),
  );
  const ids = message.toolCalls.map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(message.native?.data).toMatchObject(ids.map((call_id) => ({ call_id })));
});

test("a refusal is shown, and is no success", async () => {
  const output = [{ ...messageItem(""), content: [{ type: "refusal", refusal: "I will not." }] }];
  const delta = {
    type: "response.refusal.delta",
    output_index: 0,
    content_index: 0,
    item_id: "msg_1",
    delta: "I will not.",
  };
  const { message, stop } = await replyTo("responses", delta, ended(output));
  expect([stop, message.text]).toEqual(["refused", "I will not."]);
});

describe("a reply that is none is asked for again", () => {
  test.each([
    ["without its last event", [said("Half")], "cut_off"],
    ["that says nothing", [ended([{ type: "reasoning", id: "rs_1", summary: [] }])], "bad_reply"],
    [
      "that failed",
      [
        said("Half"),
        { type: "response.failed", response: { error: { code: "server_error", message: "Oops." } } },
      ],
      "overloaded",
    ],
    [
      "with an error among its events",
      [{ type: "error", error: { code: "server_error", message: "Oops." } }],
      "overloaded",
    ],
  ])("one %s", async (_, data, kind) => {
    const { message, kinds } = await replyTo("responses", ...data);
    expect(kinds).toContain(`retry: ${kind}`);
    expect(message.text).toBe("Fine.");
  });
});

test("what happens behind the last event is of no matter", async () => {
  const server = await answering((response) => {
    response.writeHead(200).write(events(said("Hi."), ended([messageItem("Hi.")])));
    setTimeout(() => response.socket?.resetAndDestroy(), 30);
  });
  const { reply } = await ask(server, { api: "responses" });
  expect([reply.stop, reply.message.text]).toEqual(["done", "Hi."]);
});
