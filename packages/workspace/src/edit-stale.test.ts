import { rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith, writeFiles } from "../test/temp-workspace.ts";
import { readTextPage, replaceText, writeText } from "./index.ts";

const long = Array.from({ length: 3000 }, (_, index) => `line ${index + 1}`).join("\n");

describe("a file that was not read", () => {
  test("is neither edited nor overwritten", async () => {
    const workspace = await workspaceWith({ a: "one" });
    const message = "a has not been read in this session. Read it with read_file first.";
    expect(await refusal(replaceText(workspace, "a", "one", "two"))).toBe(message);
    expect(await refusal(writeText(workspace, "a", "two"))).toBe(message);
    expect(await contentOf(workspace, "a")).toBe("one");
  });

  test("is not made readable by a read that was refused", async () => {
    const workspace = await workspaceWith({ a: "one" });
    await refusal(readTextPage(workspace, "a", { offset: 9 }));
    expect(await refusal(replaceText(workspace, "a", "one", "two"))).toContain("has not been read");
  });
});

describe("a file that changed on disk since it was read", () => {
  test("is neither edited nor overwritten, until it is read again", async () => {
    const workspace = await workspaceWith({ a: "one" });
    await readTextPage(workspace, "a");
    await writeFile(join(workspace.root, "a"), "one, and the user's own");
    expect(await refusal(replaceText(workspace, "a", "one", "two"))).toContain("a has changed on disk since");
    expect(await refusal(writeText(workspace, "a", "two"))).toContain("a has changed on disk since");
    expect(await contentOf(workspace, "a")).toBe("one, and the user's own");
    await readTextPage(workspace, "a");
    await replaceText(workspace, "a", "one", "two");
    expect(await contentOf(workspace, "a")).toBe("two, and the user's own");
  });

  test("is noticed even when its size and its time are the same", async () => {
    const workspace = await workspaceWith({ a: "one" });
    const path = join(workspace.root, "a");
    const when = new Date("2026-01-01");
    await utimes(path, when, when);
    await readTextPage(workspace, "a");
    await writeFile(path, "two");
    await utimes(path, when, when);
    expect(await refusal(replaceText(workspace, "a", "two", "three"))).toContain("has changed on disk");
  });

  test("is not made out of a new time alone, as a checkout gives", async () => {
    const workspace = await workspaceWith({ a: "one" });
    await readTextPage(workspace, "a");
    await rm(join(workspace.root, "a"));
    await writeFiles(workspace.root, { a: "one" });
    await replaceText(workspace, "a", "one", "two");
    expect(await contentOf(workspace, "a")).toBe("two");
  });

  test("after the session's own write is noticed too", async () => {
    const workspace = await workspaceWith();
    await writeText(workspace, "a", "one");
    await writeFile(join(workspace.root, "a"), "formatted");
    expect(await refusal(writeText(workspace, "a", "two"))).toContain("has changed on disk");
  });
});

describe("a file that was read in part", () => {
  test("can be edited, and is not overwritten", async () => {
    const workspace = await workspaceWith({ a: long });
    await readTextPage(workspace, "a");
    expect(await refusal(writeText(workspace, "a", "short"))).toContain("a has been read only in part");
    await replaceText(workspace, "a", "line 2999\n", "");
    expect(await refusal(writeText(workspace, "a", "short"))).toContain("a has been read only in part");
  });

  test("counts as read when its pages join up", async () => {
    const workspace = await workspaceWith({ a: long });
    await readTextPage(workspace, "a");
    await readTextPage(workspace, "a", { offset: 2001 });
    await writeText(workspace, "a", "short");
    expect(await contentOf(workspace, "a")).toBe("short");
  });

  test("does not when there is a gap between them, or the file changed", async () => {
    const workspace = await workspaceWith({ a: long });
    await readTextPage(workspace, "a", { limit: 1999 });
    await readTextPage(workspace, "a", { offset: 2001 });
    expect(await refusal(writeText(workspace, "a", "short"))).toContain("only in part");
    await readTextPage(workspace, "a");
    await writeFile(join(workspace.root, "a"), `${long}\nmore`);
    await readTextPage(workspace, "a", { offset: 2001 });
    expect(await refusal(writeText(workspace, "a", "short"))).toContain("only in part");
  });

  test("is one whose long line was cut", async () => {
    const workspace = await workspaceWith({ a: `${"x".repeat(5000)}\nend` });
    await readTextPage(workspace, "a");
    expect(await refusal(writeText(workspace, "a", "short"))).toContain("only in part");
  });
});
