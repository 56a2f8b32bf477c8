import { expect, test } from "vitest";
import { deltaBetween } from "./delta.ts";

interface Prompt {
  readonly system?: string;
  readonly tools?: readonly string[];
  /** What each call returned, after "hi". */
  readonly results?: readonly string[];
  readonly model?: string;
}

/** The same prompt in the words of each provider. */
const dialects = {
  chat: ({ system = "Be brief.", tools = ["read", "bash"], results = [], model = "m" }: Prompt) => ({
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: "hi" },
      ...results.flatMap((content, index) => [
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: `c${index}`, type: "function", function: { name: "read", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: `c${index}`, content },
      ]),
    ],
    tools: tools.map((name) => ({ type: "function", function: { name, description: "d", parameters: {} } })),
  }),
  responses: ({ system = "Be brief.", tools = ["read", "bash"], results = [], model = "m" }: Prompt) => ({
    model,
    tools: tools.map((name) => ({ type: "function", name, description: "d", parameters: {} })),
    instructions: system,
    input: [
      { role: "user", content: "hi" },
      ...results.flatMap((output, index) => [
        { type: "function_call", call_id: `c${index}`, name: "read", arguments: "{}" },
        { type: "function_call_output", call_id: `c${index}`, output },
      ]),
    ],
  }),
  anthropic: ({ system = "Be brief.", tools = ["read", "bash"], results = [], model = "m" }: Prompt) => ({
    model,
    max_tokens: 100,
    tools: tools.map((name) => ({ name, description: "d", input_schema: {} })),
    system: [{ type: "text", text: system, cache_control: { type: "ephemeral" } }],
    messages: [
      { role: "user", content: [{ type: "text", text: "hi", ...(results.length < 2 && mark) }] },
      ...results.flatMap((content, index) => [
        { role: "assistant", content: [{ type: "tool_use", id: `c${index}`, name: "read", input: {} }] },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: `c${index}`,
              content,
              ...(index > results.length - 3 && mark),
            },
          ],
        },
      ]),
    ],
  }),
  gemini: ({ system = "Be brief.", tools = ["read", "bash"], results = [] }: Prompt) => ({
    contents: [
      { role: "user", parts: [{ text: "hi" }] },
      ...results.flatMap((output, index) => [
        { role: "model", parts: [{ functionCall: { id: `c${index}`, name: "read", args: {} } }] },
        {
          role: "user",
          parts: [{ functionResponse: { id: `c${index}`, name: "read", response: { output } } }],
        },
      ]),
    ],
    systemInstruction: { parts: [{ text: system }] },
    tools: [{ functionDeclarations: tools.map((name) => ({ name, description: "d" })) }],
  }),
  ollama: ({ system = "Be brief.", tools = ["read", "bash"], results = [], model = "m" }: Prompt) => ({
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: "hi" },
      ...results.flatMap((content) => [
        { role: "assistant", content: "", tool_calls: [{ function: { name: "read", arguments: {} } }] },
        { role: "tool", content, tool_name: "read" },
      ]),
    ],
    tools: tools.map((name) => ({ type: "function", function: { name, description: "d", parameters: {} } })),
  }),
};

const mark = { cache_control: { type: "ephemeral" } };

function compared(dialect: keyof typeof dialects, before: Prompt, after: Prompt) {
  const [old, now] = [before, after].map((prompt) => JSON.stringify(dialects[dialect](prompt)));
  const delta = deltaBetween(old ?? "", now ?? "");
  if (!delta) throw new Error(`${dialect} is not understood`);
  return { ...delta, body: now ?? "" };
}

const long = "a line of the file\n".repeat(40);

test.for(Object.keys(dialects) as (keyof typeof dialects)[])("%s", (dialect) => {
  const grown = compared(dialect, { results: [long] }, { results: [long, "more", "and more"] });
  expect(grown.break, "a request that only grew breaks nothing").toBeUndefined();
  expect(grown.added).toHaveLength(4);
  expect([...grown.changed, ...grown.dropped, ...grown.settings]).toEqual([]);

  const system = (time: string) => `Be brief.\\nIt is ${time}.`;
  const clock = compared(
    dialect,
    { system: system("2026-11-29T19:28:30Z"), results: [long] },
    { system: system("2026-11-29T19:28:41Z"), results: [long, "more"] },
  );
  expect(clock.break).toMatchObject({
    kind: "clock",
    cause: "A clock: “2026-11-29T19:28:41Z” was “2026-11-29T19:28:30Z” in the request before.",
  });
  expect(clock.body.slice(clock.break?.offset)).toMatch(/^41Z/);
  expect(clock.break?.path).toMatch(/system|instructions|messages\[0\]/i);
  expect(clock.added).toHaveLength(2);

  const reordered = compared(
    dialect,
    { tools: ["read", "list", "bash"] },
    { tools: ["bash", "read", "list"] },
  );
  expect(reordered.break).toMatchObject({
    kind: "tool_order",
    cause: "The tools are in another order: bash comes where read was. They are the same tools.",
  });
  expect(reordered.break?.path).toMatch(/^tools\[0\].*name$/);

  const cleared = compared(
    dialect,
    { results: [long, "more"] },
    { results: ["[read, 40 lines: cleared to save room; call it again if needed.]", "more", "and more"] },
  );
  expect(cleared.break).toMatchObject({ kind: "cleared" });
  expect(cleared.break?.cause).toContain("An old result was cleared or clipped to save room");
  expect(cleared.changed).toHaveLength(1);
  expect(cleared.added).toHaveLength(2);

  const withTool = compared(dialect, { tools: ["read"] }, { tools: ["read", "bash"] });
  expect(withTool.break?.cause).toBe("The list of tools changed: it comes with bash.");
});

test("another model shares no cache", () => {
  expect(compared("chat", { model: "a" }, { model: "b" }).break).toMatchObject({
    kind: "model",
    path: "model",
  });
});

test("the messages that a summary stands for are counted, and those after it are kept", () => {
  const messages = (...texts: string[]) =>
    JSON.stringify({ messages: texts.map((content) => ({ role: "user", content })) });
  const summary = "What followed is left out to save room. This stands for it.\n<summary>\nAll.\n</summary>";
  const delta = deltaBetween(
    messages("one", "two", "three", "four"),
    messages("one", summary, "four", "five"),
  );
  expect(delta?.break?.cause).toBe("A summary replaced 2 parts of the conversation.");
  expect(delta?.kept.map(({ text }) => text)).toEqual(['{"role":"user","content":"four"}']);
  expect(delta?.dropped).toHaveLength(2);
});

test("messages that were left out are counted", () => {
  const messages = (...texts: string[]) =>
    JSON.stringify({ messages: texts.map((content) => ({ role: "user", content })) });
  expect(deltaBetween(messages("one", "two", "three"), messages("three", "four"))?.break?.cause).toBe(
    "2 messages that came before were left out.",
  );
  expect(deltaBetween(messages("one", "two"), messages("one"))?.break?.cause).toBe(
    "1 message at the end was left out.",
  );
});

test("the place of the difference is told in bytes", () => {
  const system = (text: string) => JSON.stringify({ instructions: text, input: "hi" });
  const found = deltaBetween(system("ééé 12:00"), system("ééé 12:01"))?.break;
  expect(found).toMatchObject({ kind: "clock", path: "instructions" });
  expect((found?.byte ?? 0) - (found?.offset ?? 0)).toBe(3);
});

test("an identifier is told from an edit", () => {
  const system = (text: string) => JSON.stringify({ instructions: text, input: "hi" });
  const kind = (before: string, after: string) => deltaBetween(system(before), system(after))?.break?.kind;
  expect(
    kind("session 1b4e28ba-2fa1-11d2-883f-0016d3cca427", "session 6fa459ea-ee8a-3ca4-894e-db77e160355e"),
  ).toBe("identifier");
  expect(kind("Be brief.", "Be long.")).toBe("edited");
});

test("a body of no known dialect is not compared", () => {
  expect(deltaBetween("", '{"prompt":"hi"}')).toBeUndefined();
  expect(deltaBetween("", "not JSON")).toBeUndefined();
});
