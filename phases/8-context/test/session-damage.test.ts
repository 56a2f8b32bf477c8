import { spawnSync } from "node:child_process";
import { appendFile, copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Session } from "../src/sessions/session.ts";
import {
  assistant,
  begin,
  emptyFolder,
  lost,
  notFinished,
  result,
  resume,
  say,
  user,
} from "./session-folder.ts";

async function closedSession(): Promise<{ root: string; session: Session }> {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("read a"), assistant("", "a"), result("a"), assistant("Read."));
  session.endTurn("done", { usage: {} });
  session.close();
  return { root, session };
}

/** As a process leaves it that ended without a word. */
async function leftBehind({ file }: Session): Promise<void> {
  const { pid } = spawnSync("true");
  const text = await readFile(file, "utf8");
  const lines = text.replaceAll(`"pid":${process.pid}`, `"pid":${pid}`).split("\n");
  await writeFile(file, lines.filter((line) => !line.includes('"release"')).join("\n"));
}

/** Replaces the first line that holds a text. */
async function replaceLine(file: string, holding: string, replacement: string | Buffer): Promise<void> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const index = lines.findIndex((line) => line.includes(holding));
  const [head, tail] = [lines.slice(0, index), lines.slice(index + 1)].map((part) => part.join("\n"));
  await writeFile(
    file,
    Buffer.concat([Buffer.from(`${head}\n`), Buffer.from(replacement), Buffer.from(`\n${tail}`)]),
  );
}

test("cut at every byte of its last three records, a session keeps what was whole, and goes on", async () => {
  const { root, session } = await closedSession();
  await leftBehind(session);
  const bytes = await readFile(session.file);
  const lines = bytes.toString().trimEnd().split("\n");
  const whole = Buffer.byteLength(lines.slice(0, -3).join("\n"));
  await copyFile(session.file, `${session.file}.whole`);
  const messages = [user("read a"), assistant("", "a"), result("a"), assistant("Read.")];

  for (let size = Buffer.byteLength(lines.join("\n")); size >= whole; size--) {
    await copyFile(`${session.file}.whole`, session.file);
    await truncate(session.file, size);
    const left = bytes.subarray(0, size).toString().split("\n").filter(isWhole);
    const kept = messages.slice(0, left.filter((line) => line.includes('"message"')).length);
    const expected = kept.length === 2 ? [...kept, notFinished("a")] : kept;

    const { session: resumed, notice } = await resume(root);
    expect(resumed.log).toEqual(expected);
    const isTorn = bytes[size] !== 0x0a && bytes[size - 1] !== 0x0a;
    expect(notice.includes(lost(1))).toBe(isTorn);
    say(resumed, user("go on"));
    resumed.close();
    const again = await resume(root);
    expect(again.session.log).toEqual([...expected, user("go on")]);
    again.session.close();
  }
});

function isWhole(line: string): boolean {
  try {
    return JSON.parse(line) !== null;
  } catch {
    return false;
  }
}

test.each<[string, string | Buffer]>([
  ["is full of NULs", "\0".repeat(300)],
  ["is two glued together", '{"type":"message","message":{"ro{"type":"memory"}'],
  ["is no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ["is JSON and no record", '["type"]'],
  ["is a record without a type", '{"message":1}'],
])("a line that %s is lost alone, and counted", async (_, line) => {
  const { root, session } = await closedSession();
  await replaceLine(session.file, '"Read."', line);
  const { session: resumed, notice } = await resume(root);
  expect(notice).toContain(lost(1));
  expect(resumed.log).toEqual([user("read a"), assistant("", "a"), result("a")]);
  expect(resumed.total.turns).toBe(1);
});

test.each([
  { type: "memory" },
  { type: "memory", memory: 7 },
  { type: "memory", memory: { task: 1, plan: "x", files: null, notes: {} } },
  { type: "view", view: null },
  { type: "view", view: { keptFrom: "1" } },
  { type: "turn_end", stop: "done" },
  { type: "turn_end", stop: "done", total: null },
])("a record whose fields are of other types is lost, and counted: %j", async (record) => {
  const { root, session } = await closedSession();
  await appendFile(session.file, `${JSON.stringify(record)}\n`);
  const { session: resumed, notice } = await resume(root);
  expect(notice).toContain(lost(1));
  expect(resumed).toMatchObject({ log: session.log, view: session.view, memory: session.memory });
  expect(resumed.total).toEqual({ turns: 1 });
});

test("bytes that are no UTF-8 inside a text lose its line: it would not be what was said", async () => {
  const { root, session } = await closedSession();
  const line = Buffer.from(JSON.stringify({ type: "message", message: user("xx") }));
  line[line.indexOf("xx")] = 0xff;
  await replaceLine(session.file, '"Read."', line);
  expect((await resume(root)).notice).toContain(lost(1));
});

test("a lost result is made up for where it was", async () => {
  const { root, session } = await closedSession();
  await replaceLine(session.file, '"the text"', "{");
  expect((await resume(root)).session.log).toEqual([
    user("read a"),
    assistant("", "a"),
    notFinished("a"),
    assistant("Read."),
  ]);
});

test("a lost call takes its result with it", async () => {
  const { root, session } = await closedSession();
  await replaceLine(session.file, '"toolCalls":[{', "{");
  expect((await resume(root)).session.log).toEqual([user("read a"), assistant("Read.")]);
});

test("a second result of one call is left out", async () => {
  const { root, session } = await closedSession();
  const twice = JSON.stringify({ type: "message", message: result("a", "again") });
  await appendFile(session.file, `${twice}\n`);
  expect((await resume(root)).session.log).toEqual(session.log);
});

test("a session whose first line is damaged is resumed", async () => {
  const { root, session } = await closedSession();
  await replaceLine(session.file, '"version"', "{{{");
  const { session: resumed, notice } = await resume(root);
  expect(notice).toContain(lost(1));
  expect(resumed.log).toEqual(session.log);
});

test("a session whose file was emptied is not resumed as if nothing had been said", async () => {
  const { root, session } = await closedSession();
  await truncate(session.file, 0);
  const { session: resumed, notice } = await resume(root);
  expect(notice).toBe(`Resumed session ${resumed.id}. Its file holds no message: what was said is lost.`);
  expect(resumed.log).toEqual([]);
});

test("a record of a kind that is not known changes nothing", async () => {
  const { root, session } = await closedSession();
  await appendFile(session.file, '{"type":"weather","text":"fine"}\n');
  const { session: resumed, notice } = await resume(root);
  expect(notice).toBe(`Resumed session ${resumed.id}.`);
  expect(resumed.log).toEqual(session.log);
});
