import { defineTool, prepareCall, runCall, type Tool, type ToolCall, type ToolEvent } from "@eightfold/core";
import { expect, test } from "vitest";
import { runSideBySide } from "../src/helpers/side-by-side.ts";

/** A tool whose calls end when the test says so. */
function heldTool(name: string, sideBySide: boolean) {
  const held = new Map<string, PromiseWithResolvers<void>>();
  const started: string[] = [];
  const gate = (id: string) => {
    const known = held.get(id) ?? Promise.withResolvers<void>();
    held.set(id, known);
    return known;
  };
  const tool = defineTool({
    name,
    description: "Waits.",
    ...(sideBySide && { sideBySide: true as const }),
    input: { id: { type: "string" } },
    required: ["id"],
    example: { id: "1" },
    async run({ id }, _signal, _plan, report) {
      started.push(id);
      report(`at ${id}`);
      await gate(id).promise;
      return { text: id, summary: id };
    },
  });
  return { tool, started, release: (id: string) => gate(id).resolve() };
}

const call = (name: string, id: string) => ({ id: `call_${id}`, name, input: { id } });
const { signal } = new AbortController();

function runAll(tools: readonly Tool[], calls: readonly ToolCall[]): AsyncGenerator<ToolEvent> {
  return runSideBySide(tools, calls, async (each, report) =>
    runCall(await prepareCall(tools, each, signal), signal, report),
  );
}

function lineOf(event: ToolEvent): string {
  return event.type === "tool_progress" ? event.text : `${event.type} ${event.call.id}`;
}

test("calls that may run side by side are all under way before the first ends, and end in their order", async () => {
  const { tool, started, release } = heldTool("wait", true);
  const lines: string[] = [];
  for await (const event of runAll([tool], [call("wait", "1"), call("wait", "2")])) {
    lines.push(lineOf(event));
    if (started.length === 2) {
      release("2");
      release("1");
    }
  }
  expect(started).toEqual(["1", "2"]);
  expect(lines.filter((line) => line.startsWith("tool"))).toEqual([
    "tool_start call_1",
    "tool_start call_2",
    "tool_end call_1",
    "tool_end call_2",
  ]);
  expect(lines.filter((line) => line.startsWith("at")).sort()).toEqual(["at 1", "at 2"]);
});

test("progress is told while a call runs", async () => {
  const { tool, release } = heldTool("wait", true);
  for await (const event of runAll([tool], [call("wait", "1")])) {
    if (event.type === "tool_progress") release("1");
  }
});

test("other calls run one after the other", async () => {
  const { tool, started, release } = heldTool("write", false);
  const starts: string[] = [];
  for await (const event of runAll([tool], [call("write", "1"), call("write", "2")])) {
    if (event.type === "tool_start") starts.push(`${event.call.id} after ${started.length}`);
    if (event.type === "tool_progress") release(event.text.slice(3));
  }
  expect(starts).toEqual(["call_1 after 0", "call_2 after 1"]);
});
