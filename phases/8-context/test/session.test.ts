import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateFolder } from "@eightfold/workspace";
import { expect, test } from "vitest";
import { listSessions } from "../src/sessions/list-sessions.ts";
import { wholeLog } from "../src/window/view.ts";
import {
  assistant,
  begin,
  emptyFolder,
  INTERRUPTED,
  notFinished,
  recordsIn,
  result,
  resume,
  say,
  user,
} from "./session-folder.ts";

test("a session comes back as it was", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("read a\u2028and b"), assistant("", "a"), result("a", "half of a pair: \ud83d"));
  session.remember((memory) => ({ ...memory, task: "read" }));
  const view = { ...wholeLog, keptFrom: 2, resultRoom: 9 };
  session.append({ type: "view", view });
  const change = { path: "a", after: "f00", start: 0, length: 1, text: "" };
  session.append({ type: "change", change });
  say(session, assistant("It is read."));
  session.endTurn("done", { usage: { input: 10 }, costUsd: 0.5 });
  session.close();

  const resumed = await resume(root);
  expect(resumed.notice).toBe(`Resumed session ${session.id}.`);
  const { id, log, memory, view: seen, changes, total } = resumed.session;
  const { id: oldId, log: oldLog } = session;
  expect({ id, log }).toEqual({ id: oldId, log: oldLog });
  expect(log).toHaveLength(4);
  expect(memory.task).toBe("read");
  expect(seen).toEqual(view);
  expect(changes).toEqual([{ turn: 0, change }]);
  expect(total).toEqual({ turns: 1, costUsd: 0.5 });
});

test("a record is in the file as soon as it is appended", async () => {
  const session = await begin(await emptyFolder());
  say(session, user("hello"));
  expect(await recordsIn(session.file)).toMatchObject([
    { type: "session", version: 1, id: session.id, phase: 8 },
    { type: "claim", pid: process.pid },
    { type: "message", message: { role: "user", text: "hello" } },
  ]);
});

test("only the user can read a session, and the workspace does not hold it", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("hello"));
  expect((await stat(session.file)).mode & 0o777).toBe(0o600);
  expect((await stat(stateFolder(root))).mode & 0o777).toBe(0o700);
  expect(await readdir(root)).toEqual([]);
});

test("a session in which nothing was said leaves no file", async () => {
  const root = await emptyFolder();
  (await begin(root)).close();
  expect(await listSessions(root)).toBe(`No session has been saved in ${root}.\n`);
});

test("a turn that was interrupted is ended with the results that it lacks", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("read"), assistant("", "a", "b", "c"), result("b"));
  session.close();

  const resumed = await resume(root);
  expect(resumed.notice).toContain(INTERRUPTED);
  expect(resumed.session.log.slice(2)).toEqual([result("b"), notFinished("a"), notFinished("c")]);
  expect(resumed.session.total.turns).toBe(1);
  resumed.session.close();

  const again = await resume(root);
  expect(again.notice).not.toContain(INTERRUPTED);
  expect(again.session.log).toEqual(resumed.session.log);
});

test("a request that nobody answered is an interrupted turn too", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("read"));
  session.close();
  const resumed = await resume(root);
  expect(resumed.notice).toContain(INTERRUPTED);
  expect(resumed.session.log).toEqual([user("read")]);
});

test("what a provider said in its own words is kept as it was", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  const native = {
    provider: "gemini",
    model: "g",
    data: [{ thoughtSignature: "x==", n: 1.5, nothing: null }],
  };
  say(session, user("hello"), { ...assistant("hi"), native });
  session.close();
  expect((await resume(root)).session.log[1]).toEqual({ ...assistant("hi"), native });
});

test("sessions are listed with the last used first, and only those of the workspace", async () => {
  const root = await emptyFolder();
  const [first, second] = [await begin(root), await begin(root)];
  say(first, user("one"));
  first.endTurn("done", { usage: {}, costUsd: 0.25 });
  say(first, user("more"));
  first.endTurn("done", { usage: {} });
  say(second, user("two\x1b[2J\nand more"));
  await new Promise((done) => setTimeout(done, 20));
  say(first, user("last"));
  await writeFile(join(stateFolder(root), "sessions/notes.txt"), "mine");

  expect((await listSessions(root)).split("\n")).toEqual([
    expect.stringMatching(/^session +last used +turns +cost +first request$/),
    expect.stringMatching(`^${first.id}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +2  \\$0.25  one$`),
    expect.stringMatching(`^${second.id}  .* 0         two\\\\x1b\\[2J$`),
    "",
  ]);
  first.close();
  expect((await resume(root)).session.id).toBe(first.id);
});

test("the turns of a session are known though much was said since the last one ended", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("one"));
  session.endTurn("done", { usage: {}, costUsd: 1 });
  say(session, user("x".repeat(1_000_000)));
  expect(await listSessions(root)).toMatch(/ 1 {2}\$1\.00 {2}one\n$/);
});

test("what the user does between two turns is told to the model, and is no turn", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  session.append({ type: "note", text: "[The user does something.]" });
  session.close();
  const resumed = await resume(root);
  expect(resumed.notice).not.toContain(INTERRUPTED);
  expect(resumed.session.log).toEqual([user("[The user does something.]")]);
});
