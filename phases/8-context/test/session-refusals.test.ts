import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "@eightfold/core";
import { listJournals } from "@eightfold/journal";
import { stateFolder } from "@eightfold/workspace";
import { expect, test } from "vitest";
import { listSessions } from "../src/sessions/list-sessions.ts";
import { newSession } from "../src/sessions/session.ts";
import { begin, emptyFolder, resume, say, user } from "./session-folder.ts";

async function refusal(root: string, wanted: string): Promise<string> {
  const error = await resume(root, wanted).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof UsageError ? error.message : "";
}

test.each(["../x", "latest ", "", "/etc/passwd", "20261120-152843-abcdef/../x", "20261120"])(
  "%j is no id, and what one looks like is said",
  async (wanted) => {
    const root = await emptyFolder();
    say(await begin(root), user("hello"));
    expect(await refusal(root, wanted)).toContain(
      `${JSON.stringify(wanted)} is not the id of a session. Ids look like YYYYMMDD-HHMMSS-xxxxxx`,
    );
  },
);

test("the session with the nearest name is offered", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("hello"));
  const wanted = `${session.id.slice(0, -1)}${session.id.endsWith("0") ? "1" : "0"}`;
  expect(await refusal(root, wanted)).toBe(
    `There is no session ${wanted} in ${root}. Did you mean ${session.id}?`,
  );
  expect(await refusal(root, "lates")).toContain("Did you mean latest?");
});

test("where nothing was saved there is nothing to resume", async () => {
  const root = await emptyFolder();
  expect(await refusal(root, "latest")).toBe(`No session has been saved in ${root}.`);
});

test("a session of another workspace is not found", async () => {
  const [root, other] = [await emptyFolder(), await emptyFolder()];
  const session = await begin(root);
  say(session, user("hello"));
  say(await begin(other), user("hello"));
  expect(await refusal(other, session.id)).toContain(`There is no session ${session.id} in ${other}.`);
});

test("a newer format is refused, and its file left alone", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("hello"));
  session.close();
  const newer = (await readFile(session.file, "utf8")).replace('"version":1', '"version":2');
  await writeFile(session.file, newer);
  expect(await refusal(root, session.id)).toMatch(/was written by a newer version: its format is 2/);
  expect(await readFile(session.file, "utf8")).toBe(newer);
});

test("a link is no session", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("hello"));
  session.close();
  const id = "20200101-000000-abcdef";
  await symlink(session.file, join(stateFolder(root), "sessions", `${id}.jsonl`));
  expect(await listJournals(root)).toHaveLength(1);
  expect(await refusal(root, id)).toContain(`There is no session ${id}`);
});

test("the same process cannot open a session twice", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("hello"));
  expect(await refusal(root, "latest")).toContain(`${session.id} is open in process ${process.pid}.`);
  say(session, user("still here"));
  session.close();
  expect((await resume(root)).session.log).toEqual([user("hello"), user("still here")]);
});

test("where a file is in the way of the folder, that is told once and the session goes on", async () => {
  const root = await emptyFolder();
  await mkdir(dirname(stateFolder(root)), { recursive: true });
  await writeFile(stateFolder(root), "mine");
  const told: string[] = [];
  const session = await newSession(root, (message) => told.push(message));
  say(session, user("hello"), user("again"));
  expect(session.log).toEqual([user("hello"), user("again")]);
  expect(told).toEqual([
    expect.stringMatching(/^From here on this session is not saved: a file is in the way \(/),
  ]);
  expect(await readFile(stateFolder(root), "utf8")).toBe("mine");
});

test("a session that came with the folder is named, and not believed", async () => {
  const root = await emptyFolder();
  await mkdir(join(root, ".eightfold/sessions"), { recursive: true });
  await writeFile(join(root, ".eightfold/sessions/20260101-000000-aaaaaa.jsonl"), "{}\n");
  const named = `Sessions in ${join(root, ".eightfold/sessions")} are ignored`;
  expect(await refusal(root, "latest")).toContain(named);
  expect(await refusal(root, "20260101-000000-aaaaaa")).toContain(named);
  expect(await listSessions(root)).toContain(named);
});

test("a file that is removed under a session is told once", async () => {
  const root = await emptyFolder();
  const told: string[] = [];
  const session = await newSession(root, (message) => told.push(message));
  say(session, user("hello"));
  await rm(stateFolder(root), { recursive: true });
  say(session, user("again"), user("and again"));
  expect(told).toEqual([expect.stringContaining("its file was removed")]);
  expect(session.log).toHaveLength(3);
});
