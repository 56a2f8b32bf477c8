import type { AssistantMessage, Message, ToolResult } from "@eightfold/core";
import { expect, test } from "vitest";
import { viewOf, wholeLog } from "../src/window/view.ts";

const user = (text: string): Message => ({ role: "user", text });
const answer = (text: string): Message => ({ role: "assistant", text, toolCalls: [] });

function reads(...paths: string[]): AssistantMessage {
  const toolCalls = paths.map((path) => ({ id: `call-${path}`, name: "read_file", input: { path } }));
  return { role: "assistant", text: "", toolCalls, native: { provider: "openai", model: "m", data: paths } };
}

function found(path: string, text: string, isError = false): ToolResult {
  return { role: "tool", callId: `call-${path}`, name: "read_file", text, isError, summary: "9 of 9 lines" };
}

const textsOf = (messages: readonly Message[]) => messages.map(({ text }) => text);
const long = (letter: string) => letter.repeat(1000);

test("the whole log is sent as it is, to begin with", () => {
  const log = [user("Read a."), reads("a"), found("a", long("a")), answer("Read.")];
  expect(viewOf(log, wholeLog)).toEqual(log);
});

test("a big result loses its middle, and says how much", () => {
  const log = [user("Read a."), reads("a"), found("a", `head${long("-")}tail`)];
  const text = viewOf(log, { ...wholeLog, resultRoom: 400 })[2]?.text ?? "";
  expect(text).toMatch(/^head-+\n\[608 characters left out\]\n-+tail$/);
});

test("the results of one reply share their room, whether all of them have come or not", () => {
  const log = [user("Read both."), reads("a", "b"), found("a", long("a")), found("b", long("b"))];
  const view = { ...wholeLog, resultRoom: 800 };
  const [, , a, b] = textsOf(viewOf(log, view));
  expect(a).toContain("[600 characters left out]");
  expect(b).toContain("[600 characters left out]");
  expect(textsOf(viewOf(log.slice(0, 3), view))[2]).toBe(a);
});

test("a clip never halves a character", () => {
  const log = [user("Read."), reads("a"), found("a", `a${"😀".repeat(500)}`)];
  expect(viewOf(log, { ...wholeLog, resultRoom: 300 })[2]?.text.isWellFormed()).toBe(true);
});

test("a file that was read twice is shown once", () => {
  const log = [user("Read."), reads("a"), found("a", long("a")), reads("a"), found("a", long("a"))];
  const [, , older, , newer] = textsOf(viewOf(log, { ...wholeLog, comparedTo: 5 }));
  expect(older).toBe("[read_file, 9 of 9 lines: the same text comes again further on.]");
  expect(newer).toBe(long("a"));
});

test("a file that was written in between is shown as it was, and as it is", () => {
  const log = [user("Change."), reads("a"), found("a", long("a")), reads("a"), found("a", long("b"))];
  expect(viewOf(log, { ...wholeLog, comparedTo: 5 })).toEqual(log);
});

test("old results are cleared, but for those that are as short as a note", () => {
  const log = [
    user("Read."),
    reads("a", "b"),
    found("a", long("a")),
    found("b", "No such file.", true),
    reads("c"),
  ];
  const texts = textsOf(viewOf([...log, found("c", long("c"))], { ...wholeLog, clearedTo: 4 }));
  expect(texts[2]).toBe("[read_file, 9 of 9 lines: cleared to save room; call it again if needed.]");
  expect(texts[3]).toBe("No such file.");
  expect(texts[5]).toBe(long("c"));
});

test("after a compaction: the first request, the summary, the request that is worked on, the rest", () => {
  const log = [user("First."), answer("Done."), user("Second."), answer("Done."), user("Third."), reads("a")];
  log.push(found("a", "A"), reads("b"), found("b", "B"));
  const view = { ...wholeLog, keptFrom: 7, summary: "SUMMARY", memory: "MEMORY" };
  const shown = viewOf(log, view);
  const [first, summary, third, ...rest] = shown;
  expect(textsOf([first, third].flatMap((message) => message ?? []))).toEqual(["First.", "Third."]);
  expect(summary).toMatchObject({ role: "user" });
  expect(summary?.text).toMatch(/<summary>\nSUMMARY\n<\/summary>\n<memory>\nMEMORY\n<\/memory>/);
  expect(rest).toEqual(log.slice(7));
});

test("a cut between two turns needs no other request, and one in the first turn has it already", () => {
  const log = [user("First."), answer("1"), answer("2"), user("Second."), answer("3")];
  const texts = (keptFrom: number) => textsOf(viewOf(log, { ...wholeLog, keptFrom, summary: "S" }));
  expect(texts(3).toSpliced(1, 1)).toEqual(["First.", "Second.", "3"]);
  expect(texts(2).toSpliced(1, 1)).toEqual(["First.", "2", "Second.", "3"]);
});

test("kept replies keep what their provider wants back", () => {
  const log = [user("First."), answer("1"), reads("a"), found("a", long("a"))];
  const view = { ...wholeLog, keptFrom: 2, clearedTo: 4, comparedTo: 4, resultRoom: 10, summary: "S" };
  expect(viewOf(log, view)[2]).toBe(log[2]);
});

test("a log that has lost a line is never cut between a call and its result", () => {
  const log = [user("First."), reads("a"), found("a", "A"), reads("b"), found("b", "B")];
  const shown = viewOf(log, { ...wholeLog, keptFrom: 2, summary: "S" });
  expect(shown.slice(2)).toEqual(log.slice(3));
});

test("every view is the same after it was saved: the whole log's too", () => {
  expect(JSON.parse(JSON.stringify(wholeLog))).toEqual(wholeLog);
});

test("the first request is kept, and not the file that was read for it", () => {
  const log = [
    user("[The user calls read_file]"),
    user("Fix it."),
    answer("Yes."),
    user("And now?"),
    answer("No."),
  ];
  expect(textsOf(viewOf(log, { ...wholeLog, keptFrom: 3, summary: "S" }))).toEqual([
    "Fix it.",
    expect.stringContaining("S"),
    "And now?",
    "No.",
  ]);
});
