import type { ToolCall, ToolResult } from "@eightfold/core";
import { expect, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";
import { callLine, runningCalls } from "./call-line.ts";
import { widthOf } from "./width.ts";

function runsOf(name: string, input: ToolCall["input"], result: Partial<ToolResult>, columns = 80) {
  const call: ToolCall = { id: "1", name, input };
  const whole: ToolResult = {
    role: "tool",
    callId: "1",
    name,
    text: "",
    isError: false,
    summary: "",
    ...result,
  };
  return callLine(call, whole, columns);
}

const textOf = (...about: Parameters<typeof runsOf>) =>
  runsOf(...about)
    .map(({ text }) => text)
    .join("");

test.each<[string, ToolCall["input"], string, string]>([
  ["edit_file", { path: "src/parse.ts", old_text: "a" }, "+3 −1", "• edit src/parse.ts +3 −1\n"],
  ["run_bash", { command: "npm test" }, "exit 1, 2.1 s", "• bash npm test → exit 1, 2.1 s\n"],
  ["read_file", { path: "a.ts" }, "40 of 312 lines", "• read a.ts 40 of 312 lines\n"],
  ["grep", { pattern: "parse", path: "src", glob: "*.ts" }, "5 found", "• grep /parse/ src *.ts 5 found\n"],
  ["list_files", {}, "12 listed", "• list 12 listed\n"],
  ["run_bash", { command: "sleep 9" }, "timed out after 120 s", "• bash sleep 9 → timed out after 120 s\n"],
  ["read_file", { path: "a.ts", offset: 200, limit: 100 }, "100 lines", "• read a.ts:200 100 lines\n"],
  ["run_bash", { command: 7 }, "done", "• bash → done\n"],
  ["delegate", { task: "find it" }, "ended after 2 steps", "• delegate find it → ended after 2 steps\n"],
  ["search_web", { limit: 3, query: "pancakes" }, "done", "• search_web pancakes → done\n"],
])("%s %j", (name, input, summary, line) => {
  expect(textOf(name, input, { summary })).toBe(line);
});

test("what was added is green, what was removed is red, and a failure is red", () => {
  const formats = (...about: Parameters<typeof runsOf>) =>
    runsOf(...about).flatMap(({ text, format }) => (format.length > 0 ? [`${format}: ${text}`] : []));
  expect(formats("edit_file", { path: "a" }, { summary: "+3 −1" })).toEqual([
    "cyan: • ",
    "bold: edit",
    "green: +3",
    "red: −1",
  ]);
  expect(formats("run_bash", { command: "a" }, { summary: "exit 12, 0.1 s" })).toEqual([
    "red: • ",
    "bold: bash",
    "red: → exit 12, 0.1 s",
  ]);
  expect(formats("run_bash", { command: "a" }, { summary: "exit 0, 0.1 s" })).toEqual([
    "cyan: • ",
    "bold: bash",
    "dim: → exit 0, 0.1 s",
  ]);
  expect(formats("grep", { pattern: "(" }, { summary: "Not a pattern.", isError: true })).toContain(
    "red: → Not a pattern.",
  );
});

test("without a summary the first line of the result is shown", () => {
  expect(textOf("ask", {}, { text: "\n\nyes\nand more" })).toBe("• ask → yes\n");
});

test("what matters is cut before the outcome is", () => {
  expect(
    textOf(
      "run_bash",
      { command: "npm test -- --reporter=verbose src/parse" },
      { summary: "exit 1, 2.1 s" },
      40,
    ),
  ).toBe("• bash npm test -- --r… → exit 1, 2.1 s\n");
});

test("an outcome that does not fit gets lines of its own, three at most", () => {
  const summary =
    "old_text is not in src/parse.ts. The nearest is in line 12. Read the file again and copy it exactly as it is.";
  expect(
    textOf("edit_file", { path: "src/parse.ts" }, { summary, isError: true }, 40),
  ).toBe(`• edit src/parse.ts
  → old_text is not in src/parse.ts.
  The nearest is in line 12. Read the
  file again and copy it exactly as it…
`);
  expect(textOf("edit_file", {}, { summary: summary.repeat(5), isError: true }, 40).split("\n")).toHaveLength(
    5,
  );
});

test.each([80, 40, 20])("no line is wider than %i columns, whatever a model writes", (columns) => {
  const long = "漢字 word ".repeat(50);
  for (const summary of [long, "1", "x".repeat(300)]) {
    for (const line of textOf("a".repeat(30), { command: long }, { summary, isError: true }, columns).split(
      "\n",
    ))
      expect(widthOf(line)).toBeLessThan(columns);
  }
});

test("what a model writes without an end does not hold up the screen", () => {
  const endless = "词".repeat(5_000_000);
  expect(
    widthOf(textOf("run_bash", { command: endless }, { summary: endless }, 40).split("\n")[0] ?? ""),
  ).toBeLessThan(40);
});

test("control characters of a call and its outcome are shown", () => {
  expect(textOf("run\x1b[2J", { command: "a\nb\x07" }, { summary: "\x9b1m" })).toBe(
    "• run\\x1b[2J a\\nb\\x07 → \\x9b1m\n",
  );
  const running = runningCalls();
  running.start({ id: "1", name: "run_bash", input: { command: "a\x1b" } });
  expect(running.words(80)).toBe("bash a\\x1b");
});

const delegated = (id: string, task: string): ToolCall => ({ id, name: "delegate", input: { task } });
const one = delegated("1", "find the parser");
const two = delegated("2", "read the tests");

test("calls that run side by side are named until each has ended, in any order", () => {
  const running = runningCalls();
  expect(running.words(80)).toBeUndefined();
  running.start(one);
  running.start(two);
  expect(running.words(80)).toBe("delegate find the parser · delegate read the tests");
  running.progress(two, "delegate 2: reading src/a.js");
  expect(running.words(80)).toBe("delegate find the parser · delegate 2: reading src/a.js");
  running.end(one);
  expect(running.words(80)).toBe("delegate 2: reading src/a.js");
  running.end(two);
  running.progress(two, "too late");
  expect(running.words(80)).toBeUndefined();
});

test("each gets its share of a narrow line, and nothing in it is obeyed", () => {
  const running = runningCalls();
  running.start(one);
  running.start(two);
  running.progress(one, "grep \x1b[2J\n in a folder with a long name");
  expect(running.words(43)).toBe("grep \\x1b[2J\\n in a… · delegate read the t…");
});

test("the line says what the calls are doing, and each result stays when it comes", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("side-by-side\r");
  await terminal.until("delegate 1: grep /parse/ · delegate 2: read src/a.js");
  terminal.resize(80, 25);
  await terminal.until(() =>
    /^› side-by-side\n\n• delegate two → ended after 2 steps\n\n\S delegate 1: grep \/parse\/( \d+ s)?$/.test(
      terminal.page().slice(4).join("\n"),
    ),
  );
  terminal.resize(80, 26);
  await terminal.prompted(1);
  expect(terminal.page().slice(4, 8)).toEqual([
    "› side-by-side",
    "",
    "• delegate two → ended after 2 steps",
    "• delegate one → ended after 3 steps",
  ]);
});
