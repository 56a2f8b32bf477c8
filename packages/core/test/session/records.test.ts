import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Message } from "../../src/conversation.ts";
import { firstRecord, lastRecord, pairedLog, readRecords, sessionsTable } from "../../src/session/index.ts";
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

test("a session whose first request is damaged is listed, beside the others", async () => {
  const root = await mkdtemp(join(tmpdir(), "eightfold-records-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(root, ".eightfold/sessions");
  await mkdir(folder, { recursive: true });
  const say = (message: unknown) => `${JSON.stringify({ type: "message", message })}\n`;
  await writeFile(join(folder, "20260101-000000-aaaaaa.jsonl"), say(null));
  await writeFile(join(folder, "20260101-000000-bbbbbb.jsonl"), say({ role: "user", text: "hello" }));
  const table = await sessionsTable(root);
  expect(table).toContain("aaaaaa");
  expect(table).toContain("hello");
});
