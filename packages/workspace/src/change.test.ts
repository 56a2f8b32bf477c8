import { readdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Reversal } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { createQueue } from "./change.ts";
import { diffOfChanges, planReplace, planWrite, readTextPage, takeBack, type Workspace } from "./index.ts";

test("a planned edit changes nothing until it lands, and then what it showed", async () => {
  const workspace = await workspaceWith({ a: "one\n" });
  await readTextPage(workspace, "a");
  const plan = await planReplace(workspace, "a", "one", "two");
  expect(plan).toMatchObject({ type: "change", path: "a", added: 1, removed: 1, created: false });
  expect(plan.diff).toContain("-one\n+two\n");
  expect(await contentOf(workspace, "a")).toBe("one\n");
  await plan.land();
  expect(await contentOf(workspace, "a")).toBe("two\n");
});

test("a planned file of 20,000 lines is shown whole before it lands, and counted after", async () => {
  const workspace = await workspaceWith();
  const content = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join("");
  const plan = await planWrite(workspace, "a", content);
  expect(plan.diff).toContain("+line 0\n+line 1\n");
  expect(plan.diff).toContain("+line 19999\n");
  expect((await plan.land()).diff).toContain("too long to show: 20000 lines added");
});

test("a planned edit of a file that is written meanwhile is refused, and the file stays", async () => {
  const workspace = await workspaceWith({ a: "one\n" });
  await readTextPage(workspace, "a");
  const plan = await planReplace(workspace, "a", "one", "two");
  await writeFile(join(workspace.root, "a"), "the user's own\n");
  expect(await refusal(plan.land())).toContain("a has just been changed by another program");
  expect(await contentOf(workspace, "a")).toBe("the user's own\n");
});

test("one whose size and time are put back is refused too", async () => {
  const workspace = await workspaceWith({ a: "one\n" });
  const path = join(workspace.root, "a");
  const time = 1_800_000_000;
  await utimes(path, time, time);
  await readTextPage(workspace, "a");
  const plan = await planReplace(workspace, "a", "one", "two");
  await writeFile(path, "own\n");
  await utimes(path, time, time);
  expect(await refusal(plan.land())).toContain("a has just been changed by another program");
  expect(await contentOf(workspace, "a")).toBe("own\n");
});

test("a planned file that comes into being meanwhile is not overwritten", async () => {
  const workspace = await workspaceWith();
  const plan = await planWrite(workspace, "new/a", "two\n");
  expect(plan).toMatchObject({ path: "new/a", created: true });
  const other = await planWrite(workspace, "new/a", "other\n");
  await other.land();
  expect(await refusal(plan.land())).toContain("changed by another program");
  expect(await contentOf(workspace, "new/a")).toBe("other\n");
});

async function edit(workspace: Workspace, path: string, oldText: string, newText: string): Promise<Reversal> {
  await readTextPage(workspace, path, {});
  const plan = await planReplace(workspace, path, oldText, newText);
  await plan.land();
  return plan.reversal;
}

test("only the piece that a change replaced is kept", async () => {
  const line = "0123456789\n".repeat(10_000);
  const workspace = await workspaceWith({ "a.txt": `${line}old\n${line}` });
  const reversal = await edit(workspace, "a.txt", "old\n", "new and longer\n");
  expect(reversal).toMatchObject({ path: "a.txt", start: line.length, length: 14, text: "old" });
});

test.each([
  ["aaa", "aa"],
  ["aa", "aaaa"],
  ["", "a"],
  ["a", ""],
  ["😀😁", "😀😂"],
  ["a\r\nb\r\n", "a\r\nc\r\nb\r\n"],
])("%j made %j comes back", async (before, after) => {
  const workspace = await workspaceWith({ "a.txt": before });
  await readTextPage(workspace, "a.txt", {});
  const plan = await planWrite(workspace, "a.txt", after);
  await plan.land();
  const saved: Reversal = JSON.parse(JSON.stringify(plan.reversal));
  expect(await takeBack(workspace, [saved])).toEqual([{ path: "a.txt", deleted: false }]);
  expect(await contentOf(workspace, "a.txt")).toBe(before);
});

test("a name that is shown in another way is the same file", async () => {
  const workspace = await workspaceWith({ "a\nb.txt": "old" });
  const reversal = await edit(workspace, "a\nb.txt", "old", "new");
  expect(await takeBack(workspace, [reversal])).toEqual([{ path: '"a\\nb.txt"', deleted: false }]);
  expect(await contentOf(workspace, "a\nb.txt")).toBe("old");
});

test("a folder that became a link out of the workspace is not followed", async () => {
  const workspace = await workspaceWith({ "in/a.txt": "old" });
  const reversal = await edit(workspace, "in/a.txt", "old", "new");
  const outside = join(dirname(workspace.root), "out");
  await rename(join(workspace.root, "in"), outside);
  await symlink(outside, join(workspace.root, "in"));
  expect(await refusal(takeBack(workspace, [reversal]))).toContain("outside the workspace");
  expect(await contentOf({ ...workspace, root: outside }, "a.txt")).toBe("new");
});

test("a file that is no text any more is left alone", async () => {
  const workspace = await workspaceWith({ "a.txt": "old" });
  const reversal = await edit(workspace, "a.txt", "old", "new");
  await writeFile(join(workspace.root, "a.txt"), "\0");
  expect(await refusal(takeBack(workspace, [reversal]))).toBe(
    "Nothing was undone: a.txt is a binary file (1 bytes). Only text files can be read or changed.",
  );
});

test("what is shown of the changes leaves out what is no text any more, and no more than that", async () => {
  const workspace = await workspaceWith({ a: "old\n", b: "old\n", c: "old\n" });
  const changes = [];
  for (const path of ["a", "b", "c"]) changes.push({ change: await edit(workspace, path, "old", "new") });
  await writeFile(join(workspace.root, "a"), "\0");
  await rm(join(workspace.root, "b"));
  await symlink("/etc", join(workspace.root, "b"));
  const shown = await diffOfChanges(workspace, changes);
  expect(shown).toContain("--- a/c\n+++ b/c\n");
  expect(shown).toContain("- a has been changed by something else since.\n- b has been changed by");
});

test("a reversal that does not lead to the old content changes nothing", async () => {
  const workspace = await workspaceWith({ "a.txt": "old" });
  const reversal = await edit(workspace, "a.txt", "old", "new");
  expect(await refusal(takeBack(workspace, [{ ...reversal, text: "other" }]))).toContain(
    "Nothing was undone.",
  );
  expect(await contentOf(workspace, "a.txt")).toBe("new");
});

describe("folders that a change made", () => {
  test("go with its files, and what was there before stays", async () => {
    const workspace = await workspaceWith({ "src/b.txt": "b" });
    const plans = [];
    for (const path of ["src/new/deep/a.txt", "src/new/deep/b.txt", "src/c.txt"]) {
      const plan = await planWrite(workspace, path, "a");
      plans.push(plan.reversal);
      await plan.land();
    }
    await takeBack(workspace, plans);
    expect(await readdir(workspace.root, { recursive: true })).toEqual(["src", join("src", "b.txt")]);
  });

  test("go when their files were planned side by side", async () => {
    const workspace = await workspaceWith();
    const plans = await Promise.all(["a", "b"].map((name) => planWrite(workspace, `new/deep/${name}`, "a")));
    for (const plan of plans) await plan.land();
    await takeBack(
      workspace,
      plans.map(({ reversal }) => reversal),
    );
    expect(await readdir(workspace.root)).toEqual([]);
  });

  test("stay where they hold a file of the user's", async () => {
    const workspace = await workspaceWith();
    const plan = await planWrite(workspace, "new/deep/a.txt", "a");
    await plan.land();
    await writeFile(join(workspace.root, "new/mine"), "");
    await takeBack(workspace, [plan.reversal]);
    expect(await readdir(workspace.root, { recursive: true })).toEqual(["new", join("new", "mine")]);
  });

  test.each([1e300, 3, 2.5, -1, Number.NaN, "9", "all", [], null])(
    "go no further than the workspace when a damaged record counts %j of them",
    async (count) => {
      const workspace = await workspaceWith();
      const plan = await planWrite(workspace, "new/deep/a.txt", "a");
      await plan.land();
      const reversal = JSON.parse(JSON.stringify(plan.reversal));
      await takeBack(workspace, [{ ...reversal, folders: count }]);
      const left = await readdir(workspace.root, { recursive: true });
      expect(left).toEqual(
        typeof count !== "object" && Number(count) > 0 ? [] : ["new", join("new", "deep")],
      );
    },
  );

  test("go when the file could not be made", async () => {
    const workspace = await workspaceWith();
    const plan = await planWrite(workspace, `new/${"n".repeat(300)}/a`, "a");
    expect(await refusal(plan.land())).toContain("the name is too long");
    expect(await readdir(workspace.root)).toEqual([]);
  });
});

test("an undo waits for the change that is landing", async () => {
  const workspace = await workspaceWith({ a: "one" });
  await readTextPage(workspace, "a");
  const plan = await planReplace(workspace, "a", "one", "two");
  const landing = plan.land();
  expect(await takeBack(workspace, [plan.reversal])).toEqual([{ path: "a", deleted: false }]);
  await landing;
  expect(await contentOf(workspace, "a")).toBe("one");
});

test("a queue runs what it is given in order, past what fails", async () => {
  const inTurn = createQueue();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    inTurn(async () => {
      log.push(`${name} starts`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work("1", true), work("2")]);
  expect(results).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: "2" }]);
  expect(log).toEqual(["1 starts", "1 ends", "2 starts", "2 ends"]);
});
