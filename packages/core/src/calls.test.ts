import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { prepareCall, runCall } from "./calls.ts";
import type { ToolCall } from "./conversation.ts";
import { defineTool, type Tool } from "./tool.ts";

const double: Tool = defineTool({
  name: "double",
  description: "Doubles a number.",
  input: { number: { type: "integer", minimum: 1, description: "Which" }, note: { type: "string" } },
  required: ["number"],
  example: { number: 2 },
  async run({ number, note }) {
    if (number === 13) throw new Error("13 is not doubled here. Try 12.");
    return { text: `${number * 2}${note ?? ""}`, summary: "doubled", diff: "+1" };
  },
});

const call = (input: ToolCall["input"], rest: Partial<ToolCall> = {}): ToolCall => ({
  id: "call_1",
  name: "double",
  input,
  ...rest,
});

const run = async (each: ToolCall, signal = new AbortController().signal, tool = double) =>
  runCall(await prepareCall([tool], each, signal), signal);

test("a valid call gives its output, for the model and for the user", async () => {
  expect(await run(call({ number: 21 }))).toEqual({
    role: "tool",
    callId: "call_1",
    name: "double",
    text: "42",
    isError: false,
    summary: "doubled",
    diff: "+1",
  });
});

test("an unknown tool is answered with the names of those on offer", async () => {
  const result = await run(call({}, { name: "triple" }));
  expect(result).toMatchObject({ callId: "call_1", name: "triple", isError: true });
  expect(result.text).toBe('There is no tool named "triple". The tools are: double.');
  const { text, summary } = await run(call({}, { name: "x".repeat(5_000_000) }));
  expect(Math.max(text.length, summary.length)).toBeLessThan(1000);
});

test.each([
  [{}, "number: is missing"],
  [{ number: null }, "number: must be integer, got null"],
  [{ number: "21" }, 'number: must be integer, got "21"'],
  [{ number: 1.5 }, "number: must be integer, got 1.5"],
  [{ number: Number.NaN }, "number: must be integer, got NaN"],
  [JSON.parse('{"number":1e999}'), "number: must be integer, got Infinity"],
  [{ number: 0 }, "number: must be >= 1, got 0"],
  [{ number: 1, note: 5 }, "note: must be string, got 5"],
])("input %j is not run, and is answered with what is wrong and a correct example", async (input, fault) => {
  expect(await run(call(input))).toMatchObject({
    isError: true,
    text: `The arguments of double are not valid. Nothing was run.\n${fault}\nA correct example: {"number":2}`,
  });
});

const plan = defineTool({
  name: "plan",
  description: "",
  input: {
    steps: {
      type: "array",
      maxItems: 2,
      items: {
        type: "object",
        properties: {
          text: { type: "string", minLength: 1, maxLength: 9 },
          status: { enum: ["open", "done"] },
        },
        required: ["text"],
      },
    },
    constructor: { type: "string" },
    lines: { type: "object", additionalProperties: { type: "integer" } },
  },
  example: { steps: [{ text: "Look" }], constructor: "" },
  run: async (input) => ({ text: JSON.stringify(input), summary: "" }),
});

test("each fault inside a list is named with its place", async () => {
  const steps = [{ status: "open" }, { text: "", status: "late" }, 5, { text: "word ".repeat(99) }];
  const { text } = await run(
    call({ steps, constructor: 7, lines: { "src/~a.ts": 0.5 } }, { name: "plan" }),
    undefined,
    plan,
  );
  expect(text.split("\n").slice(1, -1).sort()).toEqual([
    "constructor: must be string, got 7",
    "lines.src/~a.ts: must be integer, got 0.5",
    "steps.0.text: is missing",
    'steps.1.status: must be one of ["open","done"], got "late"',
    'steps.1.text: must not have fewer than 1 characters, got ""',
    "steps.2: must be object, got 5",
    expect.stringMatching(/^steps.3.text: must not have more than 9 characters, got "word .{150,}…$/),
    "steps: must not have more than 2 items, got a list of 4",
  ]);
});

test.each([
  [
    { steps: [{ text: "Look", status: null, when: "now" }], extra: 1, lines: { a: 1 } },
    { steps: [{ text: "Look" }], lines: { a: 1 } },
  ],
  [JSON.parse('{ "__proto__": { "steps": [] }, "toString": 1 }'), {}],
  [{ steps: null }, {}],
])("of input %j the tool sees what it declared, and nothing else", async (input, seen) => {
  const { text } = await run(call(input, { name: "plan" }), undefined, plan);
  expect(JSON.parse(text)).toEqual(seen);
});

test("a hundred thousand faults are answered in a few lines, and lists without end in a short one", async () => {
  const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
  for (const steps of [Array(100_000).fill({}), [deep, { text: deep }]]) {
    const { text, isError } = await run(call({ steps }, { name: "plan" }), undefined, plan);
    expect([isError, text.split("\n").length < 20, text.length < 4_000]).toEqual([true, true, true]);
  }
});

test("null for an optional field counts as left out", async () => {
  expect(await run(call({ number: 1, note: null }))).toMatchObject({ isError: false, text: "2" });
});

test("a call that is marked invalid never runs", async () => {
  const result = await run(call({ number: 21 }, { invalid: "The reply was cut off inside this call." }));
  expect(result).toMatchObject({ isError: true, summary: "The reply was cut off inside this call." });
  expect(result.text).not.toContain("42");
  const unread = await run(call({}, { name: "tool", invalid: "The call could not be read." }));
  expect(unread.summary).toBe("The call could not be read.");
});

test("what a tool throws is its result", async () => {
  expect(await run(call({ number: 13 }))).toMatchObject({
    isError: true,
    text: "13 is not doubled here. Try 12.",
  });
});

test("after an abort nothing is run, and the call still has its result", async () => {
  const result = await run(call({ number: 21 }), AbortSignal.abort());
  expect(result).toMatchObject({ isError: true, text: "Not run: the user stopped the turn." });
});

test("a flood is cut in the middle, and half a character does not survive", async () => {
  const flood = defineTool({
    name: "double",
    description: "",
    input: {},
    example: {},
    run: async () => ({ text: `\ud83d${"a".repeat(300_000)}END`, summary: "" }),
  });
  const { text } = await run(call({}), undefined, flood);
  expect(text.length).toBeLessThan(100_100);
  expect(text).toContain("200004 characters left out");
  expect(text.endsWith("END")).toBe(true);
  expect(text.isWellFormed()).toBe(true);
});

test("a model is sent the schema as it was declared", () => {
  expect(JSON.stringify(double.parameters)).toBe(
    '{"type":"object","properties":{"number":{"type":"integer","minimum":1,"description":"Which"},"note":{"type":"string"}},"required":["number"]}',
  );
});

test("a call that is over no longer listens for a stop: a turn may have hundreds", async () => {
  const user = new AbortController();
  const reader = defineTool({
    name: "double",
    description: "Reads at once.",
    input: {},
    example: {},
    plan: async () => ({ type: "read", path: "a" }) as const,
    run: async () => ({ text: "read", summary: "" }),
  });
  expect(await run(call({}), user.signal, reader)).toMatchObject({ text: "read" });
  expect(getEventListeners(user.signal, "abort")).toEqual([]);
});

test.each(["while it is prepared", "while it reads"])(
  "a call that a slow disk keeps is left when the user stops: %s",
  async (moment) => {
    const user = new AbortController();
    const never = new Promise<never>(() => {});
    const keep = () => {
      setImmediate(() => user.abort());
      return never;
    };
    const slow = defineTool({
      name: "double",
      description: "Reads for ever.",
      input: {},
      example: {},
      plan: async () => (moment === "while it reads" ? { type: "read", path: "a" } : keep()),
      run: keep,
    });
    expect(await run(call({}), user.signal, slow)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/stopped/i),
    });
  },
);
