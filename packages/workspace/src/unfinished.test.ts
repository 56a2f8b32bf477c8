import { existsSync } from "node:fs";
import { link, readdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { processState } from "@eightfold/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { after, before, ended, leftBehind } from "../test/left-behind.ts";
import { contentOf, refusal } from "../test/temp-workspace.ts";
import { openWorkspace, planWrite, readTextPage, takeBack, type Workspace } from "./index.ts";
import { noteSave } from "./unfinished.ts";

describe("a file that a killed process left half written", () => {
  test.each([
    ["nothing yet", before, before],
    ["the first byte", after.slice(0, 1) + before.slice(1), before],
    ["a part", after.slice(0, 1777) + before.slice(1777), before],
    ["all the old file had", after.slice(0, before.length), before],
    ["with a hole, after a power cut", after.slice(0, 4096) + "\0".repeat(400), before],
    ["all, and the note was not removed", after, after],
  ])("is as before when %s was written", async (_, content, expected) => {
    const { workspace, path, file } = await leftBehind(content);
    const { ino } = await stat(path);
    await openWorkspace(workspace.root);
    expect(await contentOf(workspace, "a")).toBe(expected);
    expect((await stat(path)).ino).toBe(ino);
    expect(existsSync(file)).toBe(false);
  });

  test("and not cut off yet, is as before", async () => {
    const { workspace } = await leftBehind(before + after.slice(before.length), {
      before: after,
      after: before,
    });
    await openWorkspace(workspace.root);
    expect(await contentOf(workspace, "a")).toBe(after);
  });

  test.each<[string, (workspace: Workspace) => Promise<unknown>]>([
    ["a read", (workspace) => readTextPage(workspace, "a")],
    ["a change", (workspace) => refusal(planWrite(workspace, "a", "other"))],
    [
      "an undo",
      (workspace) => takeBack(workspace, [{ path: "a", after: "1", start: 0, length: 0 }]).catch(() => {}),
    ],
  ])("is as before when %s opens it", async (_, open) => {
    const { workspace } = await leftBehind(after.slice(0, 10) + before.slice(10));
    await open(workspace);
    expect(await contentOf(workspace, "a")).toBe(before);
  });

  test.each([
    ["changed", (path: string) => writeFile(path, `${after.slice(0, 10)}mine${before.slice(14)}`)],
    ["emptied", (path: string) => writeFile(path, "")],
    [
      "replaced",
      async (path: string) => {
        await writeFile(`${path}.new`, after.slice(0, 10) + before.slice(10));
        await rename(`${path}.new`, path);
      },
    ],
  ])("and that the user has %s since, is theirs", async (_, change) => {
    const { workspace, path, file } = await leftBehind(after.slice(0, 10) + before.slice(10));
    await change(path);
    const theirs = await contentOf(workspace, "a");
    await openWorkspace(workspace.root);
    expect(await contentOf(workspace, "a")).toBe(theirs);
    expect(existsSync(file)).toBe(false);
  });

  test("and that is gone since, or behind a link, is nobody's", async () => {
    const { workspace, path, file } = await leftBehind(after.slice(0, 10) + before.slice(10));
    await rename(path, join(dirname(workspace.root), "outside"));
    await symlink("../outside", path);
    await openWorkspace(workspace.root);
    expect(await contentOf(workspace, "../outside")).toBe(after.slice(0, 10) + before.slice(10));
    await rm(path);
    await openWorkspace(workspace.root);
    expect(existsSync(file)).toBe(false);
  });

  test("is left alone while the process runs that writes it", async () => {
    const torn = after.slice(0, 10) + before.slice(10);
    const running = { pid: process.pid, started: processState(process.pid)?.started ?? "" };
    const { workspace, file } = await leftBehind(torn, {}, running);
    await openWorkspace(workspace.root);
    expect(await contentOf(workspace, "a")).toBe(torn);
    expect(existsSync(file)).toBe(true);
  });
});

test("what a killed process wrote beside a file is removed", async () => {
  const { workspace, path, file } = await leftBehind(before);
  await writeFile(`${path}.tmp`, after);
  await writeFile(file, JSON.stringify({ pid: ended, started: "1", temporary: `${path}.tmp` }));
  await openWorkspace(workspace.root);
  expect(await readdir(workspace.root)).toEqual(["a"]);
  expect(existsSync(file)).toBe(false);
});

describe("a file whose save was killed at once can be saved by the next agent", () => {
  const plannedIn = async (links: number) => {
    const { workspace, path, file } = await leftBehind("old");
    await rm(file);
    if (links === 2) await link(path, join(workspace.root, "other name"));
    await readTextPage(workspace, "a");
    const { dev, ino } = await stat(path);
    const note = join(dirname(file), `${dev}-${ino}`);
    onTestFinished(() => rm(note, { force: true }));
    return { workspace, note, ino, path, plan: await planWrite(workspace, "a", "new") };
  };

  test.each([1, 2])("when its note is empty (%i names)", async (links) => {
    const { workspace, note, plan } = await plannedIn(links);
    await writeFile(note, "");
    await plan.land();
    expect(await contentOf(workspace, "a")).toBe("new");
    expect(existsSync(note)).toBe(false);
  });

  test.each([1, 2])("when nothing was written after its note (%i names)", async (links) => {
    const { workspace, note, ino, path, plan } = await plannedIn(links);
    const save = { path, ino, before: "old", after: "other" };
    await writeFile(note, JSON.stringify({ pid: ended, started: "1", ...save }));
    await plan.land();
    expect(await contentOf(workspace, "a")).toBe("new");
    expect(existsSync(note)).toBe(false);
  });

  test("when a part was written, once it was read again", async () => {
    const { workspace, note, ino, path, plan } = await plannedIn(2);
    const save = { path, ino, before: "old", after: "xyz" };
    await writeFile(note, JSON.stringify({ pid: ended, started: "1", ...save }));
    await writeFile(path, "xld");
    expect(await refusal(plan.land())).toContain("has just been changed by another program");
    expect(await readTextPage(workspace, "a")).toMatchObject({ lines: ["old"] });
  });
});

test("a note gets its name when it is whole, and a draft stays for as long as its process runs", async () => {
  const { workspace, file } = await leftBehind(before);
  const draft = (pid: number) => join(dirname(file), `draft-x~${pid}~${processState(pid)?.started ?? "1"}`);
  const drafts = [draft(process.pid), draft(ended)];
  onTestFinished(() => Promise.all(drafts.map((path) => rm(path, { force: true }))).then(() => {}));
  for (const path of drafts) await writeFile(path, "");
  await openWorkspace(workspace.root);
  expect(drafts.map((path) => existsSync(path))).toEqual([true, false]);
});

test.each([
  ["in place", "other name"],
  ["beside", "a"],
])("a file that is written %s is written by one process at a time", async (_, other) => {
  const { workspace, path, file } = await leftBehind("old");
  await rm(file);
  if (other !== "a") await link(path, join(workspace.root, other));
  await readTextPage(workspace, "a");
  const plan = await planWrite(workspace, "a", "new");
  const { dev, ino } = await stat(path);
  const remove = await noteSave(`${dev}-${ino}`, { path, ino, before: "old", after: "other" });
  onTestFinished(remove);
  expect(await refusal(plan.land())).toBe("Cannot write a: another agent is writing it. Try again.");
  expect(await contentOf(workspace, "a")).toBe("old");
  await remove();
  await plan.land();
  expect(await contentOf(workspace, other)).toBe("new");
});
