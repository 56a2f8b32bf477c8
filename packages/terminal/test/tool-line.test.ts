import type { ToolCall } from "@eightfold/core";
import { expect, test } from "vitest";
import type { Style } from "../src/style.ts";
import { endLine, startLine } from "../src/tool-line.ts";
import { widthOf } from "../src/width.ts";

const plain = (text: string) => text;
const style: Style = { bold: plain, dim: plain, red: plain, yellow: plain, cyan: plain };
const call = (name: string, input: ToolCall["input"]): ToolCall => ({ id: "1", name, input });

test.each([
  ["read_file", { path: "src/a.ts" }, "• read_file src/a.ts"],
  ["read_file", { path: "src/a.ts", offset: 200, limit: 100 }, "• read_file src/a.ts:200"],
  ["list_files", {}, "• list_files"],
  ["grep", { pattern: "parse\\(", path: "src", glob: "*.ts" }, "• grep /parse\\(/ src *.ts"],
  ["edit_file", { path: "a.ts", old_text: "x", new_text: "y" }, "• edit_file a.ts"],
  ["run_bash", { command: "npm test\nls", timeout: 5 }, "• run_bash npm test\\nls"],
  ["delegate", { task: "find the parser" }, "• delegate find the parser"],
  ["run_bash", { command: 7 }, "• run_bash"],
  ["\x1b[2Jx", { path: "a\x07" }, "• \\x1b[2Jx a\\x07"],
])("a call of %s with %j is announced by one line", (name, input, line) => {
  expect(startLine(call(name, input), 80, style)).toBe(line);
});

test("a line never reaches the edge of the screen", () => {
  const long = call("run_bash", { command: "词".repeat(5_000_000) });
  for (const columns of [20, 40, 80]) {
    expect(widthOf(startLine(long, columns, style))).toBeLessThan(columns);
  }
  expect(widthOf(startLine(call("n".repeat(99), { path: "p" }), 40, style))).toBeLessThan(40);
});

test("the outcome stands below it, on one line", () => {
  const result = { role: "tool", callId: "1", name: "x", text: "", isError: false } as const;
  expect(endLine({ ...result, summary: "42 lines" }, 80, style)).toBe("  42 lines");
  expect(endLine({ ...result, summary: "a\nb\x1b[2J" }, 80, style)).toBe("  a\\nb\\x1b[2J");
  expect(endLine({ ...result, summary: "", text: "No such file.\nmore", isError: true }, 80, style)).toBe(
    "  No such file.",
  );
});
