import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { saveFile } from "./change.ts";
import { resolvePath } from "./index.ts";

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
    const old = await stat(place.absolute);
    await meanwhile(place.absolute);
    const theirs = await contentOf(workspace, "a").catch(() => "nothing");
    expect(await refusal(saveFile(place, "ours", old))).toMatch(
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
    expect(await refusal(saveFile(place, "ours", undefined))).toContain(
      "has just been changed by another program",
    );
    expect(await contentOf(workspace, "src/a")).toBe("theirs");
    expect(await readdir(join(workspace.root, "src"))).toEqual(["a"]);
  });
});

describe("saving", () => {
  test("puts a whole new file in place of the old one: whoever has it open keeps the old content", async () => {
    const workspace = await workspaceWith({ a: "old" });
    const place = await resolvePath(workspace, "a");
    const old = await stat(place.absolute);
    await saveFile(place, "new", old);
    expect(await contentOf(workspace, "a")).toBe("new");
    expect((await lstat(place.absolute)).ino).not.toBe(old.ino);
  });
});
