import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "@eightfold/core";
import { readRecords } from "@eightfold/journal";
import { expect, onTestFinished, test } from "vitest";
import { pairedLog } from "../src/sessions/paired-log.ts";

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
    { role: "__proto__", text: "" },
    { role: "assistant", text: "", toolCalls: [null] },
    { role: "assistant", text: "", toolCalls: [{ id: "1", name: "grep", input: null }] },
    { role: "assistant", text: "", toolCalls: ["1", "1"].map((id) => ({ id, name: "grep", input: {} })) },
    { role: "tool", callId: "1", text: "none" },
  ];
  const lines = [whole[0], ...broken, ...whole.slice(1)].map((message) => ({ type: "message", message }));
  const folder = await mkdtemp(join(tmpdir(), "eightfold-records-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "records.jsonl");
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const log = pairedLog();
  const take = ({ message }: { type: "message"; message: Message }) => log.add(message);
  expect(readRecords(file, take)).toBe(broken.length);
  expect(log.messages).toEqual(whole);
});
