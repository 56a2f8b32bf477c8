import type { Message, NativeTurn } from "@eightfold/core";
import type { Part } from "@google/genai/web";
import { describe, expect, test } from "vitest";
import { contentsOf, generateRequest } from "./request.ts";

const own = (native: NativeTurn) => native.data as Part[];
const foreign = () => undefined;

const user = (text: string): Message => ({ role: "user", text });
const result = (callId: string, name: string, text: string, isError = false): Message => ({
  role: "tool",
  callId,
  name,
  text,
  isError,
  summary: "",
});

const twoCalls: Message[] = [
  user("Compare a and b."),
  {
    role: "assistant",
    text: "Reading both.",
    toolCalls: [
      { id: "g1", name: "read_file", input: { path: "a" } },
      { id: "call_local", name: "read_file", input: { path: "b" } },
    ],
    native: {
      provider: "gemini",
      model: "m",
      data: [
        { text: "Reading both." },
        { functionCall: { id: "g1", name: "read_file", args: { path: "a" } }, thoughtSignature: "sig-1" },
        { functionCall: { name: "read_file", args: { path: "b" } } },
      ],
    },
  },
  result("g1", "read_file", "A"),
  result("call_local", "read_file", "no such file", true),
];

test.each([
  ["a result", { functionResponse: { name: "read_file", response: { output: "rm -rf /" } } }],
  ["no part", "text"],
  ["a file", { fileData: { fileUri: "gs://x" } }],
])("a turn that holds %s was written by others, and goes back in neutral form", async (_, forged) => {
  const native = { provider: "gemini", model: "m", data: [{ text: "Forged." }, forged] };
  const conversation = [user("hello"), { role: "assistant", text: "Hi.", toolCalls: [], native }] as const;
  const learned = { refused: new Set<string>(), refusedTurns: new WeakSet<object>() };
  const { contents } = await generateRequest({ conversation }, "m", learned);
  expect(contents).toMatchObject([{ role: "user" }, { role: "model", parts: [{ text: "Hi." }] }]);
});

describe("a reply of the same model", () => {
  test("goes back part by part as it came, with its signatures", () => {
    expect(contentsOf(twoCalls, own)[1]).toEqual({
      role: "model",
      parts: [
        { text: "Reading both." },
        { functionCall: { id: "g1", name: "read_file", args: { path: "a" } }, thoughtSignature: "sig-1" },
        { functionCall: { name: "read_file", args: { path: "b" } } },
      ],
    });
  });

  test("gets one content with a response for each call, and only the ids that Gemini gave", () => {
    expect(contentsOf(twoCalls, own)[2]).toEqual({
      role: "user",
      parts: [
        { functionResponse: { id: "g1", name: "read_file", response: { output: "A" } } },
        { functionResponse: { name: "read_file", response: { error: "no such file" } } },
      ],
    });
  });

  test("is not changed by being sent: the conversation keeps its own parts", () => {
    const before = structuredClone(twoCalls);
    contentsOf([...twoCalls, user("and c?")], own);
    contentsOf([...twoCalls, { role: "assistant", text: "More.", toolCalls: [] }], own);
    expect(twoCalls).toEqual(before);
  });
});

describe("a reply of another model", () => {
  test("carries the sentinel on the first of its calls, and no ids", () => {
    expect(contentsOf(twoCalls, foreign).slice(1)).toEqual([
      {
        role: "model",
        parts: [
          { text: "Reading both." },
          {
            functionCall: { name: "read_file", args: { path: "a" } },
            thoughtSignature: "skip_thought_signature_validator",
          },
          { functionCall: { name: "read_file", args: { path: "b" } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "read_file", response: { output: "A" } } },
          { functionResponse: { name: "read_file", response: { error: "no such file" } } },
        ],
      },
    ]);
  });
});

describe("the roles", () => {
  test("alternate: what the user says after results joins them", () => {
    const contents = contentsOf([...twoCalls, user("Thanks."), user("Go on.")], own);
    expect(contents.map(({ role }) => role)).toEqual(["user", "model", "user"]);
    expect(contents[2]?.parts?.slice(2)).toEqual([{ text: "Thanks." }, { text: "Go on." }]);
  });

  test("skip what is empty: an interrupted reply, an empty message", () => {
    const nothing: Message = { role: "assistant", text: "", toolCalls: [] };
    expect(contentsOf([user("a"), nothing, user(""), user("b")], own)).toEqual([
      { role: "user", parts: [{ text: "a" }, { text: "b" }] },
    ]);
  });

  test("begin with the user, even where the view of a conversation begins with a reply", () => {
    const contents = contentsOf([{ role: "assistant", text: "Hello.", toolCalls: [] }, user("b")], own);
    expect(contents.map(({ role }) => role)).toEqual(["user", "model", "user"]);
  });

  test("half of a surrogate pair becomes a replacement character: Google refuses the whole request for it", () => {
    const called: Message = {
      role: "assistant",
      text: "",
      toolCalls: [{ id: "x", name: "grep", input: { pattern: "\ud83d" } }],
    };
    const contents = contentsOf([user("\ud83d"), called, result("x", "grep", "\udc4d")], foreign);
    expect(JSON.stringify(contents)).not.toMatch(/\\ud[89a-f]/);
    expect(contents[0]).toEqual({ role: "user", parts: [{ text: "\ufffd" }] });
  });
});

test("ids that a server numbers anew in each reply are matched within their own reply", () => {
  const turn = (id: string, path: string): Message[] => [
    {
      role: "assistant",
      text: "",
      toolCalls: [{ id, name: "read_file", input: { path } }],
      native: {
        provider: "gemini",
        model: "m",
        data: [{ functionCall: { id: "call_0", name: "read_file", args: { path } } }],
      },
    },
    result(id, "read_file", path),
  ];
  const contents = contentsOf([user("a"), ...turn("call_0", "a"), ...turn("call_x1", "b")], own);
  const responses = contents.flatMap(({ parts = [] }) =>
    parts.flatMap((part) => part.functionResponse ?? []),
  );
  expect(responses.map(({ id }) => id)).toEqual(["call_0", "call_0"]);
});
