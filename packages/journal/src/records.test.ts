import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { firstRecord, lastRecord, linesOf, readRecords } from "./records.ts";

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
