import { expect, test } from "vitest";
import { prepareCall, refuseCall, runCall } from "./calls.ts";
import type { ToolCall } from "./conversation.ts";
import { defineTool, type PreparedCall } from "./tool.ts";

const done: unknown[] = [];
const planned = { type: "read", path: "a" } as const;

const look = defineTool({
  name: "look",
  description: "Looks.",
  input: { path: { type: "string" } },
  required: ["path"],
  example: { path: "a" },
  async plan({ path }) {
    if (path === "gone") throw new Error("gone is not there.");
    return planned;
  },
  async run(input, _signal, plan) {
    done.push({ input, plan });
    return { text: "seen", summary: "seen" };
  },
});

/** A call in three steps, as in a phase's loop: prepared, judged, run. */
async function run(
  input: ToolCall["input"],
  judge: (call: PreparedCall) => PreparedCall,
  controller = new AbortController(),
) {
  done.length = 0;
  const prepared = await prepareCall([look], { id: "call_1", name: "look", input }, controller.signal);
  return runCall(judge(prepared), controller.signal);
}

test("what is decided on is the very object that runs", async () => {
  const judged: PreparedCall[] = [];
  const result = await run({ path: "a" }, (prepared) => {
    judged.push(prepared);
    return prepared;
  });
  expect(result).toMatchObject({ text: "seen", isError: false });
  expect(judged).toMatchObject([{ call: { name: "look" }, input: { path: "a" } }]);
  expect(judged[0]?.plan).toBe(planned);
  expect(done).toEqual([{ input: judged[0]?.input, plan: planned }]);
  expect((done[0] as { input: unknown }).input).toBe(judged[0]?.input);
});

test("a call that is refused does nothing, and its result says why", async () => {
  const result = await run({ path: "a" }, (call) => refuseCall(call, "Not run: the user said no: not today"));
  expect(result).toMatchObject({ isError: true, text: "Not run: the user said no: not today" });
  expect(done).toEqual([]);
});

test.each([
  ["invalid arguments", { path: 5 }, /path: must be string, got 5/],
  ["a plan that fails", { path: "gone" }, /^gone is not there\.$/],
])("a call with %s is judged as one that does nothing, so nobody is asked", async (_, input, message) => {
  const judged: PreparedCall[] = [];
  const result = await run(input, (prepared) => {
    judged.push(prepared);
    return prepared;
  });
  expect(judged).toMatchObject([{ plan: { type: "none" } }]);
  expect(result).toMatchObject({ isError: true, text: expect.stringMatching(message) });
  expect(done).toEqual([]);
});

test("a turn that is stopped while it asks does not run the call, whatever the answer", async () => {
  const controller = new AbortController();
  const judge = (call: PreparedCall) => {
    controller.abort();
    return call;
  };
  expect(await run({ path: "a" }, judge, controller)).toMatchObject({
    isError: true,
    text: "Not run: the user stopped the turn.",
  });
  expect(done).toEqual([]);
});
