import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Message } from "../../src/conversation.ts";
import { firstRecord, lastRecord, listSessions, pairedLog, readRecords } from "../../src/session/index.ts";
import { linesOf } from "../../src/session/lines.ts";

async function fileOf(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-records-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "records.jsonl");
  await writeFile(file, content);
  return file;
}

const CHUNK = 64 * 1024;

test.each([
  ["no line", []],
  ["a line that ends where a chunk does", ["x".repeat(CHUNK - 1), "after"]],
  ["a line that ends just after a chunk", ["x".repeat(CHUNK), "after"]],
  ["a line that takes many chunks", ["before", "é".repeat(3 * CHUNK), "after"]],
  ["many lines in a chunk", Array.from({ length: 1000 }, (_, index) => String(index))],
])("%s is read as it is written", async (_, lines) => {
  const file = await fileOf(lines.map((line) => `${line}\n`).join(""));
  expect(Array.from(linesOf(file), String)).toEqual(lines);
});

test("the last line need not end", async () => {
  expect(Array.from(linesOf(await fileOf("a\nb")), String)).toEqual(["a", "b"]);
});

test("what looks like the end of a line in JavaScript ends none", async () => {
  const record = { type: "message", text: "a\u2028b\u2029c\u0085d\r\ne" };
  const read: object[] = [];
  expect(readRecords(await fileOf(`${JSON.stringify(record)}\n`), (each) => read.push(each))).toBe(0);
  expect(read).toEqual([record]);
});

test("the first and the last record of a type are found, past what only mentions it", async () => {
  const mention = JSON.stringify({ type: "message", text: '{"type":"end"}', inner: { type: "end" } });
  const end = (number: number) => JSON.stringify({ type: "end", number });
  const far = `${mention}\n`.repeat(20_000);
  const file = await fileOf(`${mention}\n${end(1)}\n${end(2)}\n${far}${end(3).slice(0, -1)}`);
  expect(firstRecord(file, "end")).toEqual({ type: "end", number: 1 });
  expect(lastRecord(file, "end")).toEqual({ type: "end", number: 2 });
  expect(lastRecord(file, "none")).toBeUndefined();
});

test("an id says when, as the user's clock has it", () => {
  const files = pathToFileURL(join(import.meta.dirname, "../../src/session/files.ts"));
  const program = `import { newId } from "${files}"; console.log(newId(new Date("2026-11-20T23:05:09.123Z")))`;
  const env = { ...process.env, TZ: "Asia/Tokyo" };
  const id = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    env,
    encoding: "utf8",
  });
  expect(id).toMatch(/^20261121-080509-[0-9a-f]{6}\n$/);
});

test("a record without its message is lost, and no other", async () => {
  const whole = [
    { role: "user", text: "hello" },
    { role: "assistant", text: "", toolCalls: [{ id: "1", name: "grep", input: {} }] },
    { role: "tool", callId: "1", name: "grep", text: "none", isError: false, summary: "" },
  ];
  const broken = [
    null,
    undefined,
    5,
    {},
    { role: "user" },
    { role: "assistant", text: "" },
    { role: "?", text: "" },
  ];
  const lines = [whole[0], ...broken, ...whole.slice(1)].map((message) => ({ type: "message", message }));
  const file = await fileOf(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const log = pairedLog();
  const take = ({ message }: { type: "message"; message: Message }) => log.add(message);
  expect(readRecords(file, take)).toBe(broken.length);
  expect(log.messages).toEqual(whole);
});

/** A workspace with these sessions, each of some records. */
async function workspaceWithSessions(sessions: Readonly<Record<string, readonly object[]>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "eightfold-records-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, ".eightfold/sessions");
  await mkdir(folder, { recursive: true });
  for (const [id, records] of Object.entries(sessions)) {
    await writeFile(
      join(folder, `${id}.jsonl`),
      records.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
  }
  return root;
}

const hello = { type: "message", message: { role: "user", text: "hello" } };

test.each([
  { type: "message", message: null },
  { type: "message", message: { role: "user", text: 7 } },
  { type: "turn_end" },
  { type: "turn_end", total: null },
  { type: "turn_end", total: { turns: "x", costUsd: "y" } },
])("a session with a damaged line is listed, beside the others: %j", async (damaged) => {
  const root = await workspaceWithSessions({
    "20260101-000000-aaaaaa": [damaged],
    "20260101-000000-bbbbbb": [hello],
  });
  const table = await listSessions(root);
  expect(table).toContain("aaaaaa");
  expect(table).toContain("hello");
});

test("sessions are listed for programs too, an object a line, and none is no line", async () => {
  const total = { turns: 2, costUsd: 0.5 };
  const root = await workspaceWithSessions({
    "20260101-000000-aaaaaa": [hello, { type: "turn_end", total }],
  });
  expect(JSON.parse(await listSessions(root, "json"))).toEqual({
    id: "20260101-000000-aaaaaa",
    changedAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT.*Z$/),
    turns: 2,
    costUsd: 0.5,
    request: "hello",
  });
  expect(await listSessions(await workspaceWithSessions({}), "json")).toBe("");
});
