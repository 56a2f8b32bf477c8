import { expect, test } from "vitest";
import { prepareCall, runCall } from "./calls.ts";
import type { ToolCall } from "./conversation.ts";
import { defineTool, type Tool } from "./tool.ts";

const double: Tool = defineTool({
  name: "double",
  description: "Doubles a number.",
  input: (z) => z.object({ number: z.int().min(1), note: z.string().optional() }),
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
});

test.each([
  [{}, /number: .*number/],
  [{ number: "21" }, /number: .*expected number/],
  [{ number: 0 }, /number: /],
  [{ number: 1, note: 5 }, /note: .*expected string/],
])(
  "input %j is answered with the field's name and a correct example, and is not run",
  async (input, problem) => {
    const result = await run(call(input));
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(problem);
    expect(result.text).toContain('A correct example: {"number":2}');
  },
);

test("null for an optional field counts as left out", async () => {
  expect(await run(call({ number: 1, note: null }))).toMatchObject({ isError: false, text: "2" });
});

test("a call that is marked invalid never runs", async () => {
  const result = await run(call({ number: 21 }, { invalid: "The reply was cut off inside this call." }));
  expect(result).toMatchObject({ isError: true, summary: "The reply was cut off inside this call." });
  expect(result.text).not.toContain("42");
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
    input: (z) => z.object({}),
    example: {},
    run: async () => ({ text: `\ud83d${"a".repeat(300_000)}END`, summary: "" }),
  });
  const { text } = await run(call({}), undefined, flood);
  expect(text.length).toBeLessThan(100_100);
  expect(text).toContain("200004 characters left out");
  expect(text.endsWith("END")).toBe(true);
  expect(text.isWellFormed()).toBe(true);
});

test("the schema sent to a model is plain: no $schema, no bounds of a double", async () => {
  expect(await double.parameters()).toEqual({
    type: "object",
    properties: { number: { type: "integer", minimum: 1 }, note: { type: "string" } },
    required: ["number"],
  });
});

test("the schema is worked out once, however many requests it goes with", async () => {
  expect(await double.parameters()).toBe(await double.parameters());
});
