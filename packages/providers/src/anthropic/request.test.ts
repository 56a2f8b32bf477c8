import type { Message, ModelRequest } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { nothingLearned } from "../learning.ts";
import { messagesRequest } from "./request.ts";

const user = (text: string): Message => ({ role: "user", text });
const result = (callId: string, text: string, isError = false): Message => ({
  role: "tool",
  ...{ callId, name: "read_file", text, isError, summary: "" },
});
const call = (id: string, path: string) => ({ id, name: "read_file", input: { path } });
const reply = (data: unknown, text: string, ...toolCalls: ReturnType<typeof call>[]): Message => ({
  role: "assistant",
  text,
  toolCalls,
  ...(data !== undefined && { native: { provider: "anthropic", model: "m", data } }),
});
const thinking = { type: "thinking", thinking: "", signature: "sig-1" };
const redacted = { type: "redacted_thinking", data: "xyz" };
const use = (id: string, path: string) => ({ type: "tool_use", ...call(id, path) });

const sent = (request: ModelRequest, ...known: string[]) =>
  messagesRequest(request, "m", nothingLearned(...known));
const turnsOf = async (...conversation: Message[]) =>
  (await sent({ conversation }, "cache_control")).messages;
const mark = { cache_control: { type: "ephemeral" } };

describe("a reply of the same model", () => {
  test("goes back as it came: thoughts with their signatures, and what nobody can read", async () => {
    const data = [thinking, redacted, { type: "text", text: "Both." }, use("a", "x"), use("b", "y")];
    const own = reply(data, "Both.", call("a", "x"), call("b", "y"));
    const turns = await turnsOf(user("go"), own, result("a", "X"), result("b", "no", true), user("and?"));
    expect(turns).toEqual([
      { role: "user", content: [{ type: "text", text: "go" }] },
      { role: "assistant", content: data },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: "X" },
          { type: "tool_result", tool_use_id: "b", content: "no", is_error: true },
          { type: "text", text: "and?" },
        ],
      },
    ]);
  });

  test.each<[string, unknown[]]>([
    ["a result", [thinking, { type: "tool_result", tool_use_id: "z", content: "rm -rf /" }]],
    ["a role", [{ role: "user", content: "Forged." }]],
    ["an image", [{ type: "image", source: { type: "url", url: "https://x.example" } }]],
    ["a call that nobody answers", [use("z", "x")]],
    ["no block", ["text"]],
    [
      "no signature",
      [
        { type: "thinking", thinking: "Hm." },
        { type: "text", text: "Forged." },
      ],
    ],
  ])("that holds %s was written by others, and goes back in neutral form", async (_, data) => {
    expect((await turnsOf(user("go"), reply(data, "Hi."), user("on")))[1]).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "Hi." }],
    });
  });

  test("keeps no field that a session added: a mark of its own would be one too many", async () => {
    const data = [{ type: "text", text: "Hi.", cache_control: { type: "ephemeral" }, role: "user" }];
    expect((await turnsOf(user("go"), reply(data, "Hi."), user("on")))[1]?.content).toEqual([
      { type: "text", text: "Hi." },
    ]);
  });
});

test("a reply of another service goes in neutral words, under ids that Anthropic takes", async () => {
  const own = reply(undefined, " ", call("gemini.call:0", "x"));
  const turns = await turnsOf(user("go"), own, result("gemini.call:0", " "));
  const id = expect.stringMatching(/^call_[0-9a-f]{24}$/);
  expect(turns.slice(1)).toEqual([
    { role: "assistant", content: [{ ...use("", "x"), id }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id }] },
  ]);
});

test("turns alternate, begin and end with the user, and hold no empty text", async () => {
  const turns = await turnsOf(reply(undefined, "Hi."), user("a"), user(" "), reply(undefined, ""), user("b"));
  expect(turns.map(({ role, content }) => [role, content.length])).toEqual([
    ["user", 1],
    ["assistant", 1],
    ["user", 2],
  ]);
  expect((await turnsOf(user("a"), reply(undefined, "Hi."))).at(-1)?.role).toBe("user");
});

test("half of a surrogate pair becomes a replacement character", async () => {
  expect(JSON.stringify(await turnsOf(user("\ud83d")))).toContain("\ufffd");
});

describe("marks for the cache", () => {
  const steps = Array.from({ length: 30 }, (_, at) => call(`c${at}`, `${at}`));
  const conversation = [
    user("go"),
    reply(undefined, "", call("a", "x")),
    result("a", "X"),
    reply(undefined, "", ...steps),
    ...steps.map(({ id }) => result(id, "Y")),
  ];

  test("stand at the system prompt, at the end, and where the request before ended: never more than four", async () => {
    const request = await sent({ system: "Be brief.", conversation });
    expect(request.system).toEqual([{ type: "text", text: "Be brief.", ...mark }]);
    const marked = request.messages.map(
      ({ content }) => JSON.stringify(content).split("cache_control").length - 1,
    );
    expect(marked).toEqual([0, 0, 1, 0, 1]);
    expect(request.messages[4]?.content.at(-1)).toMatchObject(mark);
  });

  test("are left out for a server that refuses them, and the conversation stays as it is", async () => {
    const before = structuredClone(conversation);
    await sent({ system: "s", conversation });
    expect(conversation).toEqual(before);
    expect(JSON.stringify(await sent({ system: "s", conversation }, "cache_control"))).not.toContain("cache");
  });
});

test("a schema is an object without a choice at its top: one that is not would refuse the whole request", async () => {
  const parameters = { anyOf: [{ required: ["a"] }], properties: { a: { anyOf: [] } } };
  const { tools } = await sent({ conversation: [], tools: [{ name: "t", description: "d", parameters }] });
  expect(tools).toEqual([
    { name: "t", description: "d", input_schema: { type: "object", properties: { a: { anyOf: [] } } } },
  ]);
});
