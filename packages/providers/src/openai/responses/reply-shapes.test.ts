import { describe, expect, test } from "vitest";
import { callItem, ended, messageItem, replyTo, said } from "../../../test/openai.ts";

describe("servers that stream less", () => {
  const whole = { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hi." };
  const item = { type: "response.output_item.done", output_index: 0, item: messageItem("Hi.") };
  test.each([
    ["whole items only", [item, ended([messageItem("Hi.")])]],
    ["items, and an empty end", [item, ended([])]],
    ["nothing but the last event", [ended([messageItem("Hi.")])]],
    ["whole texts only", [whole, ended([])]],
    ["pieces and whole texts", [said("Hi."), whole, item, ended([messageItem("Hi.")])]],
  ])("%s", async (_, data) => {
    const { message, kinds } = await replyTo("responses", ...data);
    expect([message.text, ...kinds]).toEqual(["Hi.", "text_delta", "reply_end"]);
  });

  test("thoughts that come whole", async () => {
    const thoughts = {
      type: "response.reasoning_summary_text.done",
      output_index: 0,
      summary_index: 0,
      text: "hm",
    };
    expect((await replyTo("responses", thoughts, said("Hi."), ended([]))).message.reasoning).toBe("hm");
  });

  test("two items at one place are two", async () => {
    const items = [callItem("a", "{}"), callItem("b", "{}")];
    const done = items.map((each) => ({ type: "response.output_item.done", output_index: 0, item: each }));
    expect((await replyTo("responses", ...done, ended([]))).message.toolCalls.map(({ id }) => id)).toEqual([
      "a",
      "b",
    ]);
  });

  test("arguments beside their item", async () => {
    const args = {
      type: "response.function_call_arguments.done",
      item_id: "fc_a",
      output_index: 0,
      arguments: '{"path":"x"}',
    };
    const { message } = await replyTo("responses", args, ended([callItem("a", "")]));
    expect(message.toolCalls).toMatchObject([{ input: { path: "x" } }]);
  });
});

test.each<[string, object[], object]>([
  [
    "arguments as an object",
    [callItem("a", "", { arguments: { path: "x" } })],
    { toolCalls: [{ input: { path: "x" } }] },
  ],
  ["no arguments", [callItem("a", "", { arguments: undefined })], { toolCalls: [{ input: {} }] }],
  [
    "content that is null",
    [{ ...messageItem(""), content: null }, callItem("a", "{}")],
    { text: "", toolCalls: [{ id: "a" }] },
  ],
  ["content that is a text", [{ ...messageItem(""), content: "Hi." }], { text: "Hi." }],
  ["items that are null", [null as unknown as object, messageItem("Hi.")], { text: "Hi." }],
])("%s can be read", async (_, output, message) => {
  expect((await replyTo("responses", ended(output))).message).toMatchObject(message);
});

test("a reply that is completed and failed at once has failed", async () => {
  const end = { type: "response.completed", response: { status: "failed", output: [], error: null } };
  const { kinds, message } = await replyTo("responses", said("Hi"), end);
  expect(kinds).toContain("retry: overloaded");
  expect(message.text).toBe("Fine.");
});

test("an item that comes twice is one call", async () => {
  const item = { type: "response.output_item.done", output_index: 0, item: callItem("c", '{"path":"a"}') };
  const { message } = await replyTo("responses", item, item, ended([]));
  expect(message.toolCalls).toHaveLength(1);
});

test.each<[string, ...object[]]>([
  ["delta", { delta: '{"path":' }, { delta: '"a"}' }],
  ["done", { arguments: '{"path":"a"}' }],
])(
  "a call that is begun and never said to be done has the arguments of its %s events",
  async (kind, ...pieces) => {
    const item = callItem("c", "");
    const events = pieces.map((piece) => {
      return { type: `response.function_call_arguments.${kind}`, item_id: "fc_c", output_index: 0, ...piece };
    });
    const { message } = await replyTo(
      "responses",
      { type: "response.output_item.added", output_index: 0, item },
      ...events,
      ended([]),
    );
    expect(message.toolCalls).toEqual([{ id: "c", name: "read_file", input: { path: "a" } }]);
  },
);

describe("arguments that come in pieces", () => {
  const pieces = (ids: (string | undefined)[], index?: number) =>
    ['{"path":', '"a"}'].map((delta, at) => {
      return { type: "response.function_call_arguments.delta", item_id: ids[at], output_index: index, delta };
    });
  const added = (id: string, output_index: number, more: object = {}) => {
    return { type: "response.output_item.added", output_index, item: callItem(id, "", more) };
  };

  test.each([
    ["under ids of their own", pieces(["x", "y"], 0), ended([])],
    ["and an item that says none", pieces(["fc_c", "fc_c"], 0), ended([callItem("c", "{}")])],
  ])("%s", async (_, events, last) => {
    const { message } = await replyTo("responses", added("c", 0), ...events, last);
    expect(message.toolCalls.map(({ input }) => input)).toEqual([{ path: "a" }]);
  });

  test("for two calls without ids of items", async () => {
    const none = [undefined, undefined];
    const events = [0, 1].flatMap((at) => [added(`c${at}`, at, { id: undefined }), ...pieces(none, at)]);
    const { message } = await replyTo("responses", ...events, ended([]));
    expect(message.toolCalls.map(({ id, input }) => [id, input])).toEqual([
      ["c0", { path: "a" }],
      ["c1", { path: "a" }],
    ]);
  });
});

test("a reply that comes whole is read, with its calls", async () => {
  const output = [messageItem("Hi."), callItem("c", '{"path":"a"}')];
  const { stop, message } = await replyTo("responses", { object: "response", status: "completed", output });
  expect([stop, message.text, message.toolCalls.length]).toEqual(["tool_calls", "Hi.", 1]);
});
