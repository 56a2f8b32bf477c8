import { cp, lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { listFolder, planWrite, readTextPage, resolvePath, searchText, writeText } from "./index.ts";
import { saveFile } from "./save.ts";
import { loadText } from "./text-file.ts";

describe("a file that another program changes while a change to it is being made", () => {
  test.each([
    ["written", (path: string) => writeFile(path, "theirs, and longer")],
    ["deleted", (path: string) => rm(path)],
    [
      "deleted and made again",
      async (path: string) => {
        await writeFile(`${path}.new`, "mine");
        await rm(path);
        await rename(`${path}.new`, path);
      },
    ],
  ])("%s: is not overwritten", async (_, meanwhile) => {
    const workspace = await workspaceWith({ a: "mine" });
    const place = await resolvePath(workspace, "a");
    const before = await loadText(workspace, place);
    await meanwhile(place.absolute);
    const theirs = await contentOf(workspace, "a").catch(() => "nothing");
    expect(await refusal(saveFile(workspace, place, "ours", before))).toMatch(
      /has just been changed by another program|does not exist/,
    );
    expect(await contentOf(workspace, "a").catch(() => "nothing")).toBe(theirs);
    expect((await readdir(workspace.root)).filter((name) => name !== "a")).toEqual([]);
  });

  test("a new file does not replace one that has appeared", async () => {
    const workspace = await workspaceWith();
    const place = await resolvePath(workspace, "src/a");
    await mkdir(join(workspace.root, "src"));
    await writeFile(place.absolute, "theirs");
    expect(await refusal(saveFile(workspace, place, "ours"))).toContain(
      "has just been changed by another program",
    );
    expect(await contentOf(workspace, "src/a")).toBe("theirs");
    expect(await readdir(join(workspace.root, "src"))).toEqual(["a"]);
  });
});

test("of many who make one file at the same moment one is told that it did", async () => {
  const workspace = await workspaceWith();
  const place = await resolvePath(workspace, "a");
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
  const saves = await Promise.allSettled(texts.map((text) => saveFile(workspace, place, text)));
  const made = texts.filter((_, index) => saves[index]?.status === "fulfilled");
  expect(made).toEqual([await contentOf(workspace, "a")]);
  expect(await readdir(workspace.root)).toEqual(["a"]);
});

describe("saving", () => {
  test("puts a whole new file in place of the old one: whoever has it open keeps the old content", async () => {
    const workspace = await workspaceWith({ a: "old" });
    const place = await resolvePath(workspace, "a");
    const before = await loadText(workspace, place);
    await saveFile(workspace, place, "new", before);
    expect(await contentOf(workspace, "a")).toBe("new");
    expect((await lstat(place.absolute)).ino).not.toBe(before.stats.ino);
  });
});

test("a workspace that a command removed is not made again, and each tool says that it is gone", async () => {
  const workspace = await workspaceWith();
  const plan = await planWrite(workspace, "new/a", "a");
  await rm(workspace.root, { recursive: true });
  const gone = `The workspace ${workspace.root} is gone. Ask the user to make that folder again.`;
  expect(await refusal(writeText(workspace, "a", "a"))).toBe(gone);
  expect(await refusal(readTextPage(workspace, "a"))).toBe(gone);
  expect(await refusal(listFolder(workspace, "."))).toBe(gone);
  expect(await refusal(searchText(workspace, { pattern: "a" }, new AbortController().signal))).toBe(gone);
  expect(await refusal(plan.land())).toContain("does not exist");
  expect(await readdir(dirname(workspace.root))).toEqual([]);
});

test.each([
  ["of a new file", "d/x", undefined],
  ["of a new file in a new folder", "d/new/x", undefined],
  ["of an old file", "d/old", "old"],
])("a folder %s that is swapped for a link after the question leads nowhere", async (_, path, old) => {
  const workspace = await workspaceWith({ "d/old": "old" });
  const outside = join(dirname(workspace.root), "outside");
  await cp(join(workspace.root, "d"), outside, { recursive: true });
  if (old) await readTextPage(workspace, path);
  const plan = await planWrite(workspace, path, "ours");
  await rename(join(workspace.root, "d"), join(workspace.root, "moved"));
  await symlink(outside, join(workspace.root, "d"));
  expect(await refusal(plan.land())).toContain(`Cannot write ${path}`);
  expect(await readdir(outside)).toEqual(["old"]);
  expect(await contentOf(workspace, "../outside/old")).toBe("old");
  expect(await readdir(join(workspace.root, "moved"))).toEqual(["old"]);
});
