import { expect, test } from "vitest";
import type { ToolCall } from "../src/conversation.ts";
import { defineTool, type Permit, type ReadyCall, runTool } from "../src/index.ts";

const done: unknown[] = [];
const planned = { type: "read", path: "a" } as const;

const look = defineTool({
  name: "look",
  description: "Looks.",
  input: (z) => z.object({ path: z.string() }),
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

async function run(input: ToolCall["input"], permit: Permit, controller = new AbortController()) {
  done.length = 0;
  return runTool([look], { id: "call_1", name: "look", input }, controller.signal, permit);
}

test("what is decided on is the very object that runs", async () => {
  const seen: ReadyCall[] = [];
  const result = await run({ path: "a" }, async (ready) => {
    seen.push(ready);
    return undefined;
  });
  expect(result).toMatchObject({ text: "seen", isError: false });
  expect(seen).toMatchObject([{ name: "look", input: { path: "a" } }]);
  expect(seen[0]?.plan).toBe(planned);
  expect(done).toEqual([{ input: seen[0]?.input, plan: planned }]);
  expect((done[0] as { input: unknown }).input).toBe(seen[0]?.input);
});

test("a call that is refused does nothing, and its result says why", async () => {
  const result = await run({ path: "a" }, async () => "the user said no: not today");
  expect(result).toMatchObject({ isError: true, text: "Not run: the user said no: not today" });
  expect(done).toEqual([]);
});

test.each([
  ["invalid arguments", { path: 5 }, /path: .*expected string/],
  ["a plan that fails", { path: "gone" }, /^gone is not there\.$/],
])("a call with %s asks nobody", async (_, input, message) => {
  let asked = 0;
  const result = await run(input, async () => {
    asked++;
    return undefined;
  });
  expect(result).toMatchObject({ isError: true, text: expect.stringMatching(message) });
  expect([asked, done]).toEqual([0, []]);
});

test("a turn that is stopped while it asks does not run the call, whatever the answer", async () => {
  const controller = new AbortController();
  const permit = async () => {
    controller.abort();
    return undefined;
  };
  expect(await run({ path: "a" }, permit, controller)).toMatchObject({
    isError: true,
    text: "Not run: the user stopped the turn.",
  });
  expect(done).toEqual([]);
});
