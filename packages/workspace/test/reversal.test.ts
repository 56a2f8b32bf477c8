import { rename, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Reversal } from "@eightfold/core";
import { expect, test } from "vitest";
import { planReplace, planWrite, readTextPage, takeBack, type Workspace } from "../src/index.ts";
import { contentOf, refusal, workspaceWith } from "./temp-workspace.ts";

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
  expect(await refusal(takeBack(workspace, [reversal]))).toContain("binary file");
});

test("a reversal that does not lead to the old content changes nothing", async () => {
  const workspace = await workspaceWith({ "a.txt": "old" });
  const reversal = await edit(workspace, "a.txt", "old", "new");
  expect(await refusal(takeBack(workspace, [{ ...reversal, text: "other" }]))).toContain(
    "Nothing was undone.",
  );
  expect(await contentOf(workspace, "a.txt")).toBe("new");
});

test("the folders that a change made stay", async () => {
  const workspace = await workspaceWith();
  const plan = await planWrite(workspace, "new/deep/a.txt", "a");
  await plan.land();
  expect(await takeBack(workspace, [plan.reversal])).toEqual([{ path: "new/deep/a.txt", deleted: true }]);
  expect((await stat(join(workspace.root, "new/deep"))).isDirectory()).toBe(true);
});
