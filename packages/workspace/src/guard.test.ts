import { mkdir, readdir, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, refusal, tempFolder, workspaceWith, writeFiles } from "../test/temp-workspace.ts";
import {
  byCodePoint,
  openWorkspace,
  readTextPage,
  resolvePath,
  showName,
  type Workspace,
  writeText,
} from "./index.ts";

/** A workspace full of traps: every link that could lead out, beside honest ones. */
async function trappedWorkspace(): Promise<Workspace> {
  const workspace = await workspaceWith({ "src/real.ts": "in\n", plain: "in\n" });
  const { root } = workspace;
  await writeFiles(join(root, ".."), { "out/secret.txt": "secret\n" });
  const links: Record<string, string> = {
    inside: "src",
    "to-file": "src/real.ts",
    "absolute-inside": join(root, "src"),
    "to-out": "../out",
    "to-secret": join(root, "../out/secret.txt"),
    chain: "to-out",
    up: "..",
    self: ".",
    dangling: "../out/not-yet.txt",
    "dangling-inside": "not-yet.txt",
    "dangling-chain": "dangling",
    loop: "pool",
    pool: "loop",
    passwd: "/etc/passwd",
    zero: "/dev/zero",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(root, name));
  return workspace;
}

describe("a path that stays inside", () => {
  test.each([
    ["src/real.ts", "src/real.ts"],
    ["./src//real.ts", "src/real.ts"],
    ["src/../plain", "plain"],
    [".", "."],
    ["src/", "src"],
    ["inside/real.ts", "src/real.ts"],
    ["absolute-inside/real.ts", "src/real.ts"],
    ["to-file", "src/real.ts"],
    ["self/self/src", "src"],
    ["up/work/plain", "plain"],
    ["new.ts", "new.ts"],
    ["new/deep/er.ts", "new/deep/er.ts"],
    ["inside/new.ts", "src/new.ts"],
    ["plain/below-a-file", "plain/below-a-file"],
    ["...", "..."],
    ["..foo", "..foo"],
    ["./~", "~"],
    ["back\\slash", "back\\slash"],
    ["line\nbreak", '"line\\nbreak"'],
  ])("%j is %j", async (path, shown) => {
    expect((await resolvePath(await trappedWorkspace(), path)).shown).toBe(shown);
  });

  test("an absolute path inside the workspace is taken", async () => {
    const workspace = await trappedWorkspace();
    expect(await resolvePath(workspace, join(workspace.root, "src/real.ts"))).toEqual({
      absolute: join(workspace.root, "src/real.ts"),
      shown: "src/real.ts",
    });
  });

  test("a root given through a link takes paths through the link and past it", async () => {
    const { root } = await trappedWorkspace();
    const link = join(await tempFolder(), "link");
    await symlink(root, link);
    const workspace = await openWorkspace(link);
    expect(workspace.root).toBe(await realpath(root));
    expect((await resolvePath(workspace, join(link, "plain"))).shown).toBe("plain");
    expect((await resolvePath(workspace, join(root, "plain"))).shown).toBe("plain");
  });
});

describe("a path that leads out", () => {
  test.each([
    "..",
    "../out/secret.txt",
    "src/../../out/secret.txt",
    "src/../..",
    "/",
    "/etc/passwd",
    "/proc/self/environ",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd",
    "/dev/zero",
    "/dev/stdin",
    "to-out",
    "to-out/secret.txt",
    "to-out/new/deep.txt",
    "to-secret",
    "chain/secret.txt",
    "self/chain/secret.txt",
    "up",
    "up/out/secret.txt",
    "passwd",
    "zero",
  ])("%j is refused, and the message says what to do", async (path) => {
    const workspace = await trappedWorkspace();
    expect(await refusal(resolvePath(workspace, path))).toBe(
      `${path} is outside the workspace (${workspace.root}). Use a path inside it, such as src/index.ts.`,
    );
  });

  test("a folder beside the workspace whose name begins the same is outside", async () => {
    const workspace = await trappedWorkspace();
    await mkdir(`${workspace.root}2`);
    expect(await refusal(resolvePath(workspace, `${workspace.root}2`))).toContain("is outside the workspace");
  });

  test.each([
    ["dangling", "leads through a link to nothing"],
    ["dangling/below", "leads through a link to nothing"],
    ["dangling-inside", "leads through a link to nothing"],
    ["dangling-chain", "leads through a link to nothing"],
    ["loop", "Its links may lead back to themselves"],
    ["loop/below", "Its links may lead back to themselves"],
    ["", "The path is empty"],
    ["\0", "holds a NUL character"],
    ["src/real.ts\0.png", "holds a NUL character"],
    ["~", '"~" is not expanded'],
    ["~/.ssh/id_rsa", '"~" is not expanded'],
    ["$HOME/x", '"$HOME" is not expanded'],
    ["file:///etc/passwd", '"file:" is not expanded'],
    ["x".repeat(300), "the name is too long"],
    ["a/".repeat(5000), "The path has 10000 characters"],
  ])("%j is refused", async (path, reason) => {
    expect(await refusal(resolvePath(await trappedWorkspace(), path))).toContain(reason);
  });

  test("nothing is written through a link that leads out, or to nothing", async () => {
    const workspace = await trappedWorkspace();
    for (const path of [
      "dangling",
      "dangling-chain",
      "dangling-inside",
      "to-secret",
      "to-out/new.txt",
      "up/new.txt",
    ]) {
      await refusal(writeText(workspace, path, "broken in"));
    }
    expect(await contentOf(workspace, "../out/secret.txt")).toBe("secret\n");
    expect(await readdir(join(workspace.root, "../out"))).toEqual(["secret.txt"]);
    expect(await readdir(join(workspace.root, ".."))).toEqual(["out", "work"]);
  });

  test("the kernel's folders belong to no workspace, not even to the whole disk", async () => {
    const workspace = await openWorkspace("/");
    expect(await refusal(readTextPage(workspace, "/proc/self/environ"))).toContain(
      "is outside the workspace",
    );
    expect(await refusal(readTextPage(workspace, "dev/zero"))).toContain("is outside the workspace");
    expect((await resolvePath(workspace, "/etc")).shown).toBe("etc");
  });

  test("letter case is another name, and leads to a suggestion", async () => {
    const workspace = await workspaceWith({ "cafe.txt": "small" });
    if ((await resolvePath(workspace, "CAFE.TXT")).shown === "cafe.txt") return; // a file system that folds
    expect(await refusal(readTextPage(workspace, "CAFE.TXT"))).toContain("Did you mean cafe.txt?");
  });
});

describe("byCodePoint", () => {
  test("puts a character beyond U+FFFF after those before it, and a prefix first", () => {
    expect(["😀", "\uff5e", "b", "B", "ab", "a", "", "é", "😀a"].sort(byCodePoint)).toEqual([
      "",
      "B",
      "a",
      "ab",
      "b",
      "é",
      "\uff5e",
      "😀",
      "😀a",
    ]);
  });
});

describe("showName", () => {
  test.each([
    ["plain name.ts", "plain name.ts"],
    ['quo"te\\', 'quo"te\\'],
    ["café 😀👩‍💻", "café 😀👩‍💻"],
    ["a\nb", '"a\\nb"'],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u009b31m", '"\\u009b31m"'],
    ["\u007f", '"\\u007f"'],
    ["\u202etxt", '"\\u202etxt"'],
    ["a\u2028b", '"a\\u2028b"'],
  ])("%j is shown as %s", (name, shown) => {
    expect(showName(name)).toBe(shown);
  });
});
