import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { emptyMemory, renderMemory } from "../src/memory/memory.ts";
import { listSessions } from "../src/sessions/list-sessions.ts";
import { viewOf, wholeLog } from "../src/window/view.ts";
import { assistant, closedSession, lost, notFinished, result, resume, say, user } from "./session-folder.ts";

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
  { type: "memory", memory: { task: "", todo: [null], files: [], notes: [] } },
  { type: "memory", memory: { task: "", todo: [], files: ["a", 1], notes: [] } },
  { type: "change" },
  { type: "change", change: { path: null, after: "", start: 0, length: 0 } },
  { type: "note", undoes: true },
  { type: "view", view: null },
  { type: "view", view: { keptFrom: "1" } },
  { type: "view", view: { ...wholeLog, keptFrom: -1 } },
  { type: "view", view: { ...wholeLog, resultRoom: 0.5 } },
  { type: "change", change: { path: "a", after: "", start: 1e300, length: 0 } },
  { type: "turn_end", stop: "done" },
  { type: "turn_end", stop: "done", total: null },
  { type: "turn_end", stop: "done", total: { turns: 1e300 } },
])("a record whose fields are of other types is lost, and counted: %j", async (record) => {
  const { root, session } = await closedSession();
  await appendFile(session.file, `${JSON.stringify(record)}\n`);
  const { session: resumed, notice } = await resume(root);
  expect(notice).toContain(lost(1));
  expect(resumed).toMatchObject({ log: session.log, view: session.view, memory: session.memory });
  expect(resumed.total).toEqual({ turns: 1 });
});

test.for(["0.5", null, [], {}, -1, true])("a cost of %j is not known, and not added to", async (costUsd) => {
  const { root, session } = await closedSession();
  await appendFile(session.file, `${JSON.stringify({ type: "turn_end", total: { turns: 4, costUsd } })}\n`);
  expect(await listSessions(root)).not.toMatch(/\$/);
  const { session: resumed } = await resume(root);
  expect(resumed.total).toEqual({ turns: 4 });
  say(resumed, user("more"));
  resumed.endTurn("done", { usage: { input: 1 }, costUsd: 0.25 });
  expect(resumed.total).toEqual({ turns: 5, costUsd: 0.25 });
  expect(await listSessions(root)).toContain("$0.25");
});

test.each(["blocked", "", "constructor"])(
  "a step of the plan whose status is %j is shown without one",
  async (status) => {
    const { root, session } = await closedSession();
    const memory = { ...emptyMemory, todo: [{ step: "Test it", status }] };
    await appendFile(session.file, `${JSON.stringify({ type: "memory", memory })}\n`);
    expect(renderMemory((await resume(root)).session.memory)).toBe("Plan:\n- ? Test it");
  },
);

test("a view of a longer log is lost with the lines of that, or nothing that follows would be shown", async () => {
  const { root, session } = await closedSession();
  const view = { ...wholeLog, keptFrom: 90, clearedTo: 90, comparedTo: 90, summary: "They talked." };
  await appendFile(session.file, `${JSON.stringify({ type: "view", view })}\n`);
  const { session: resumed, notice } = await resume(root);
  expect(notice).toContain(lost(1));
  const added = [user("go on"), assistant("", "b"), result("b", "new ".repeat(100)), assistant("On.")];
  say(resumed, ...added);
  expect(viewOf(resumed.log, resumed.view).slice(-4)).toEqual(added);
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
