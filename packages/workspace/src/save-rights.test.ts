import { execFile, execFileSync } from "node:child_process";
import { chmod, chown, link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Reversal } from "@eightfold/core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { refusal, tempFolder, workspaceWith } from "../test/temp-workspace.ts";
import { planWrite, readTextPage, replaceText, takeBack } from "./index.ts";

/** Who may use a file, as the system tells it: owner, group and mode. */
async function rightsOf(path: string) {
  const { uid, gid, mode } = await stat(path);
  return { uid, gid, mode: mode & 0o7777 };
}

let compiled = ""; // the code that the first process of a user compiles for the others
beforeAll(async () => {
  compiled = await mkdtemp(join(tmpdir(), "eightfold-compiled-"));
  await chmod(compiled, 0o777);
});
afterAll(() => rm(compiled, { recursive: true }));

/** Edits a file in a process of another user, and tells what it said. */
async function editAs(uid: number, gid: number, root: string): Promise<string> {
  const script = join(import.meta.dirname, "../test/edit.ts");
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, root, "file", "one", "two"], { uid, gid, env }, (_, out, err) => {
      resolve(out.trim() || err);
    });
  });
}

/** A folder and a file in it, each of an owner, a group and a mode. */
type Owned = readonly [uid: number, gid: number, mode: number];

async function ownedFile(folder: Owned, file: Owned) {
  const parent = await tempFolder();
  await chmod(parent, 0o755);
  const root = join(parent, "work");
  await mkdir(root);
  await writeFile(join(root, "file"), "one");
  for (const [path, [uid, gid, mode]] of [
    [join(root, "file"), file],
    [root, folder],
  ] as const) {
    await chown(path, uid, gid);
    await chmod(path, mode);
  }
  return { root, file: join(root, "file") };
}

describe.skipIf(process.geteuid?.() !== 0)("a file of another (only root can give files away)", () => {
  test.each<[string, Owned, Owned]>([
    ["keeps its owner when its group edits it", [1234, 5555, 0o770], [1234, 5555, 0o660]],
    ["in a folder that cannot be written is written", [0, 0, 0o755], [4321, 5555, 0o644]],
    ["in a folder that cannot be listed is written", [0, 0, 0o711], [4321, 5555, 0o600]],
    ["in a sticky folder is written", [0, 0, 0o1777], [1234, 1234, 0o666]],
    ["keeps a group that the editor is not in", [4321, 5555, 0o755], [4321, 1234, 0o640]],
    ["keeps what others may not do", [4321, 5555, 0o755], [4321, 5555, 0o606]],
    ["keeps its set-group-ID bit when a member owns it", [4321, 5555, 0o755], [4321, 5555, 0o2755]],
  ])("%s", async (_, folder, owned) => {
    const { root, file } = await ownedFile(folder, owned);
    expect(await editAs(4321, 5555, root)).toBe("edited");
    expect(await readFile(file, "utf8")).toBe("two");
    const [uid, gid, mode] = owned;
    expect(await rightsOf(file)).toEqual({ uid, gid, mode });
    expect(await readdir(root)).toEqual(["file"]);
  });

  test.each<[string, Owned, string]>([
    ["is not written when it is read-only", [4321, 5555, 0o444], "permission is denied"],
    [
      "is not written at the price of its set-user-ID bit",
      [1234, 5555, 0o4775],
      "set-user-ID or set-group-ID",
    ],
    ["nor of its set-group-ID bit", [4321, 1234, 0o2775], "set-user-ID or set-group-ID"],
  ])("%s", async (_, owned, message) => {
    const { root, file } = await ownedFile([4321, 5555, 0o755], owned);
    expect(await editAs(4321, 5555, root)).toContain(message);
    expect(await readFile(file, "utf8")).toBe("one");
    const [uid, gid, mode] = owned;
    expect(await rightsOf(file)).toEqual({ uid, gid, mode });
    expect(await readdir(root)).toEqual(["file"]);
  });

  test("from a layer below, as those of a container's image, is written", async () => {
    const parent = await tempFolder();
    execFileSync("mount", ["-t", "tmpfs", "none", parent]);
    onTestFinished(() => void execFileSync("umount", [parent]));
    const layers = ["lower", "upper", "work", "root"].map((name) => join(parent, name));
    for (const layer of layers) await mkdir(layer);
    const [lower = "", upper = "", work = "", root = ""] = layers;
    await writeFile(join(lower, "file"), "one");
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    execFileSync("mount", ["-t", "overlay", "-o", options, "none", root]);
    onTestFinished(() => void execFileSync("umount", [root]));
    expect(await editAs(0, 0, root)).toBe("edited");
    expect(await readFile(join(root, "file"), "utf8")).toBe("two");
    expect(await readFile(join(lower, "file"), "utf8")).toBe("one");
  });

  test("that is mounted over another is written", async () => {
    const { root, file } = await ownedFile([0, 0, 0o755], [0, 0, 0o644]);
    const source = join(dirname(root), "source");
    await writeFile(source, "one");
    execFileSync("mount", ["--bind", source, file]);
    onTestFinished(() => void execFileSync("umount", [file]));
    expect(await editAs(0, 0, root)).toBe("edited");
    expect(await readFile(source, "utf8")).toBe("two");
    expect(await readdir(root)).toEqual(["file"]);
  });

  test("that cannot be written any more is not undone, and neither are the others of the turn", async () => {
    const { root } = await ownedFile([0, 0, 0o755], [0, 0, 0o644]);
    const workspace = { root, lastRead: new Map<string, string>() };
    await mkdir(join(root, "sub"));
    await writeFile(join(root, "sub/stuck"), "one");
    const changes: Reversal[] = [];
    for (const path of ["sub/stuck", "file", "new/folder/made"]) {
      if (!path.startsWith("new")) await readTextPage(workspace, path);
      const plan = await planWrite(workspace, path, "two");
      await plan.land();
      changes.push(plan.reversal);
    }
    execFileSync("mount", ["--bind", join(root, "sub"), join(root, "sub")]);
    onTestFinished(() => void execFileSync("umount", [join(root, "sub")]));
    execFileSync("mount", ["-o", "remount,ro,bind", join(root, "sub")]);
    expect(await refusal(takeBack(workspace, changes))).toBe(
      "Nothing was undone: Cannot write sub/stuck: the file system is read-only. Use another folder.",
    );
    for (const path of ["sub/stuck", "file", "new/folder/made"])
      expect(await readFile(join(root, path), "utf8")).toBe("two");
  });

  test("on a full disk keeps its text, written in place or beside", async () => {
    const { root } = await ownedFile([0, 0, 0o755], [0, 0, 0o644]);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", root]);
    onTestFinished(() => void execFileSync("umount", [root]));
    const text = "one\n".repeat(5000);
    const workspace = { root, lastRead: new Map<string, string>() };
    for (const links of [1, 2]) {
      const file = join(root, `file ${links}`);
      await writeFile(file, text);
      if (links === 2) await link(file, join(root, "other name"));
      await readTextPage(workspace, `file ${links}`, { limit: 1 });
      workspace.lastRead.set(file, (workspace.lastRead.get(file) ?? "").replace(/ .*/, ""));
      const plan = await planWrite(workspace, `file ${links}`, "two\n".repeat(50_000));
      expect(await refusal(plan.land())).toContain("the disk is full");
      expect(await readFile(file, "utf8")).toBe(text);
    }
    expect((await readdir(root)).toSorted()).toEqual(["file 1", "file 2", "other name"]);
  });
});

function has(program: string): boolean {
  try {
    return execFileSync(program, ["--version"]).length > 0;
  } catch {
    return false;
  }
}

const needs = ["setfacl", "setfattr"];
describe.skipIf(!needs.every(has))(
  "access control lists and attributes (needs the packages acl and attr)",
  () => {
    test.each([1, 2])("stay through an edit and its reversal, with %i names", async (names) => {
      const { root, lastRead } = await workspaceWith({ file: "one" });
      const file = join(root, "file");
      if (names === 2) await link(file, join(root, "other name"));
      execFileSync("setfacl", ["-m", "user:1234:rw-,group::---,mask::rw-", file]);
      execFileSync("setfattr", ["-n", "user.note", "-v", "kept", file]);
      execFileSync("setfacl", ["-d", "-m", "user:77:rwx", root]);
      const all = () => [
        execFileSync("getfacl", ["-pn", file]).toString(),
        execFileSync("getfattr", ["-d", "--absolute-names", file]).toString(),
      ];
      const before = all();
      await readTextPage({ root, lastRead }, "file");
      const plan = await planWrite({ root, lastRead }, "file", "two");
      await plan.land();
      expect(all()).toEqual(before);
      await takeBack({ root, lastRead }, [plan.reversal]);
      expect(all()).toEqual(before);
      expect(await readFile(file, "utf8")).toBe("one");
    });

    test("a list that the folder hands down to new files is not given to an old one", async () => {
      const { root, lastRead } = await workspaceWith({ file: "one" });
      execFileSync("setfacl", ["-d", "-m", "user:77:rwx", root]);
      await readTextPage({ root, lastRead }, "file");
      await replaceText({ root, lastRead }, "file", "one", "two");
      expect(execFileSync("getfacl", ["-pn", join(root, "file")]).toString()).not.toContain("77");
    });
  },
);
