import type { Message, Reply } from "@eightfold/core";
import { chooseModel } from "@eightfold/providers";
import { describe, expect, test } from "vitest";
import { type Dialect, type ScriptedReply, startWire, type WireServer } from "../src/index.ts";

const tool = {
  name: "read_file",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

const twoCalls: ScriptedReply = {
  reasoning: "Two files may hold it.",
  text: "Let me look.",
  calls: [
    { name: "read_file", input: { path: "a.ts" } },
    { name: "read_file", rawArguments: '{"path": "b.' },
  ],
};

/** Says "go on", and answers every call: the conversation grows by a whole step. */
async function step(wire: WireServer, conversation: Message[]): Promise<Reply> {
  conversation.push({ role: "user", text: "go on" });
  const { model } = await chooseModel(undefined, wire.env);
  const stream = model.stream(
    { system: "Be brief.", conversation, tools: [tool] },
    new AbortController().signal,
  );
  for (;;) {
    const next = await stream.next();
    if (!next.done) continue;
    const { message } = next.value;
    conversation.push(message);
    for (const { id, name } of message.toolCalls) {
      conversation.push({ role: "tool", callId: id, name, text: "42", isError: false, summary: "" });
    }
    return next.value;
  }
}

const complaints = (wire: WireServer) =>
  wire.requests.flatMap(({ refusal, advice }) => [...(refusal ? [refusal] : []), ...advice]);

describe.each<Dialect>(["responses", "chat"])("%s", (dialect) => {
  test("turns with reasoning, two calls and a broken one are taken back as they came", async () => {
    await using wire = await startWire(dialect, [twoCalls, twoCalls, { text: "Done." }], {
      chunkBytes: "awkward",
    });
    const conversation: Message[] = [];
    for (const stop of ["tool_calls", "tool_calls", "done"]) {
      expect((await step(wire, conversation)).stop).toBe(stop);
    }
    expect(complaints(wire)).toEqual([]);
    expect(wire.requests.map(({ closedEarly }) => closedEarly)).toEqual([false, false, false]);
    // What was sent before is sent again, to the letter: that is what a cache of prefixes needs.
    const [, second, third] = wire.requests.map(({ view }) => view.messages);
    expect(third?.slice(0, second?.length)).toEqual(second);
  });

  test("a turn that another protocol began goes on", async () => {
    const other = dialect === "chat" ? "responses" : "chat";
    await using first = await startWire(other, [twoCalls], { model: "local-model" });
    await using second = await startWire(dialect, [{ text: "Done." }], { model: "local-model" });
    const named = (wire: WireServer) => ({
      ...wire,
      env: { ...wire.env, EIGHTFOLD_MODEL: "openai:local-model" },
    });
    const conversation: Message[] = [];
    await step(named(first), conversation);
    expect((await step(named(second), conversation)).message.text).toBe("Done.");
    expect(complaints(second)).toEqual([]);
    expect(second.requests[0]?.view.messages[1]).toMatchObject({
      role: "assistant",
      text: "Let me look.",
      calls: [{ input: { path: "a.ts" } }, { input: {} }],
    });
  });

  test("a turn that Gemini began goes on", async () => {
    await using wire = await startWire(dialect, [{ text: "Done." }]);
    const id = "gemini.call:0/with an id of more than forty characters";
    const conversation: Message[] = [
      { role: "user", text: "hello" },
      {
        role: "assistant",
        text: "",
        toolCalls: [{ id, name: "read_file", input: { path: "half \ud83d" } }],
        native: { provider: "gemini", model: "gemini-3.8-flash", data: [{ thoughtSignature: "s" }] },
      },
      { role: "tool", callId: id, name: "read_file", text: "", isError: false, summary: "" },
      { role: "assistant", text: "", toolCalls: [] },
    ];
    expect((await step(wire, conversation)).message.text).toBe("Done.");
    expect(complaints(wire)).toEqual([]);
  });
});

test("reasoning that another account encrypted is left behind, and the user hears nothing of it", async () => {
  await using first = await startWire("responses", [twoCalls]);
  await using second = await startWire("responses", [{ text: "Done." }, { text: "And more." }]);
  const conversation: Message[] = [];
  await step(first, conversation);
  expect(await step(second, conversation)).toMatchObject({ stop: "done", message: { text: "Done." } });
  expect(complaints(second)).toEqual([expect.stringContaining("could not be verified")]);
});

test("an older model is asked nothing of its thoughts", async () => {
  await using wire = await startWire("responses", [{ text: "Hi." }], { model: "gpt-4.1" });
  const env = { ...wire.env, EIGHTFOLD_MODEL: "openai:gpt-4.1" };
  expect((await step({ ...wire, env }, [])).stop).toBe("done");
  expect(wire.requests[0]?.body).not.toHaveProperty("include");
});
