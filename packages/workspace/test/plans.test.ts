import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planRead, planReplace, planWrite, readTextPage } from "../src/index.ts";
import { contentOf, refusal, workspaceWith } from "./temp-workspace.ts";

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

test("a planned file that comes into being meanwhile is not overwritten", async () => {
  const workspace = await workspaceWith();
  const plan = await planWrite(workspace, "new/a", "two\n");
  expect(plan).toMatchObject({ path: "new/a", created: true });
  const other = await planWrite(workspace, "new/a", "other\n");
  await other.land();
  expect(await refusal(plan.land())).toContain("changed by another program");
  expect(await contentOf(workspace, "new/a")).toBe("other\n");
});

test("a read is planned by its real path: a link has the name of what it leads to", async () => {
  const workspace = await workspaceWith({ ".env": "KEY=1" });
  await symlink(".env", join(workspace.root, "notes.txt"));
  expect(await planRead(workspace, "notes.txt")).toEqual({ type: "read", path: ".env" });
  expect(await planRead(workspace)).toEqual({ type: "read", path: "." });
  expect(await refusal(planRead(workspace, "../x"))).toContain("outside the workspace");
});
