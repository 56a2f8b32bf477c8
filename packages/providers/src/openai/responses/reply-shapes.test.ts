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

test("a reply is done where its last event is called so", async () => {
  const { kinds, message } = await replyTo("responses", said("Hi."), { ...ended([]), type: "response.done" });
  expect([kinds, message.text]).toEqual([["text_delta", "reply_end"], "Hi."]);
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
    ["as an object", [{ ...pieces(["fc_c", "fc_c"], 0)[0], delta: { path: "a" } }], ended([])],
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

describe("events of calls find their call", () => {
  const [a, b] = ['{"path":"a"}', '{"path":"b"}'];
  const item = (
    when: "added" | "done",
    place: number | undefined,
    id: string,
    args: string,
    more: object = {},
  ) => {
    return { type: `response.output_item.${when}`, output_index: place, item: callItem(id, args, more) };
  };
  const piece = (place: number | undefined, item_id: string | undefined, delta: string) => {
    return { type: "response.function_call_arguments.delta", output_index: place, item_id, delta };
  };
  const none = { id: undefined };
  test.each<[string, object[], object[]]>([
    [
      "when each event names another item, as Copilot's do",
      [
        ...[item("added", 0, "A", ""), piece(0, "x1", a), item("done", 0, "A", a, { id: "x2" })],
        ...[item("added", 1, "B", ""), piece(1, "y1", b), item("done", 1, "B", b, { id: "y2" })],
      ],
      [callItem("A", a, { id: "x3" }), callItem("B", b, { id: "y3" })],
    ],
    [
      "when places are counted otherwise than items, and nothing has an id of its own",
      [
        ...[item("added", 1, "A", "", none), piece(1, undefined, a), item("done", 1, "A", "", none)],
        ...[item("added", 2, "B", "", none), piece(2, undefined, b), item("done", 2, "B", "", none)],
      ],
      [],
    ],
    [
      "when there are neither places nor ids",
      [
        ...[item("added", undefined, "A", "", none), piece(undefined, undefined, a)],
        ...[item("added", undefined, "B", "", none), piece(undefined, undefined, b)],
      ],
      [],
    ],
    [
      "by their places, where these say otherwise than the ids",
      [item("added", 1, "A", ""), item("added", 3, "B", ""), piece(1, "fc_B", a), piece(3, "fc_A", b)],
      [],
    ],
    [
      "by ids, where places are left out",
      [
        ...[item("added", undefined, "A", ""), item("added", undefined, "B", "")],
        ...[piece(undefined, "fc_B", b), piece(undefined, "fc_A", a)],
      ],
      [],
    ],
    [
      "when all are at one place, in turns",
      [
        ...[item("added", 0, "A", ""), item("added", 0, "B", ""), piece(0, "fc_A", a), piece(0, "fc_B", b)],
        ...[item("done", 0, "A", ""), item("done", 0, "B", "")],
      ],
      [],
    ],
    [
      "when only its beginning names the tool",
      [
        ...[item("added", 0, "A", ""), item("done", 0, "A", a, { name: undefined })],
        ...[item("added", 1, "B", ""), item("done", 1, "B", b, { name: null })],
      ],
      [],
    ],
  ])("%s", async (_, sent, output) => {
    const { message } = await replyTo("responses", ...sent, ended(output));
    expect(message.toolCalls).toEqual([
      { id: "A", name: "read_file", input: { path: "a" } },
      { id: "B", name: "read_file", input: { path: "b" } },
    ]);
  });
});

test("what of a text is only in its item is said too", async () => {
  const { message } = await replyTo("responses", said("Hi"), ended([messageItem("Hi there.")]));
  expect(message.text).toBe("Hi there.");
});

test.each([
  ["streamed", [said("<think>hm</think>")]],
  ["not streamed", []],
])("a thought in a text that is %s is not shown once more as text", async (_, sent) => {
  const output = [messageItem("<think>hm</think>"), callItem("c", "{}")];
  const { message } = await replyTo("responses", ...sent, ended(output));
  expect(message).toMatchObject({ text: "", reasoning: "hm" });
});

test.each(["added", "done"])("an item of nothing that is %s is not a call", async (when) => {
  const nothing = { type: `response.output_item.${when}`, output_index: 0, item: null };
  const { kinds, message } = await replyTo("responses", said("Hi."), nothing, ended([]));
  expect([message.text, message.toolCalls, ...kinds]).toEqual(["Hi.", [], "text_delta", "reply_end"]);
});

test("a refusal that is in no item is one", async () => {
  const delta = { type: "response.refusal.delta", output_index: 0, delta: "No." };
  expect((await replyTo("responses", delta, ended([]))).stop).toBe("refused");
});

test.each(["cancelled", "failed"])(
  "a reply that comes to its end as %s is asked for again",
  async (status) => {
    const { kinds, message } = await replyTo("responses", said("Hi"), ended([], { status }));
    expect([kinds.filter((kind) => kind.startsWith("retry")).length, message.text]).toEqual([1, "Fine."]);
  },
);

test("a reply that comes whole is read, with its calls", async () => {
  const output = [messageItem("Hi."), callItem("c", '{"path":"a"}')];
  const { stop, message } = await replyTo("responses", { object: "response", status: "completed", output });
  expect([stop, message.text, message.toolCalls.length]).toEqual(["tool_calls", "Hi.", 1]);
});
