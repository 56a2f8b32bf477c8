import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readingThat } from "./corpus-run.ts";
import { places } from "./corpus-settings-places.ts";
import { programs } from "./corpus-settings-programs.ts";
import { changed, treeOf } from "./corpus-tree.ts";
import { buildScene, copyScene, leaks, type Scene, tripwire } from "./corpus-workspace.ts";

/** What makes git look at the working tree, at differences, at signatures, at merges, at every kind of name. */
const commands = [
  "git status",
  "git status -sb",
  "git diff",
  "git diff HEAD~1 --stat",
  "git log",
  "git log -p -2",
  "git log -m -p",
  "git log --pretty=h",
  "git show",
  "git show HEAD~1:README.md",
  "git stash show -p",
  "git stash list -p",
  "git reflog",
  "git blame README.md",
  "git grep parse",
  "git ls-files -m",
  "git describe --dirty --always",
  "git submodule status",
  "git branch -vv",
  "git rev-parse HEAD",
  "git tag",
  "git remote -v",
  "git config --get remote.origin.url",
  "git st",
  "cd src && git status",
];

let original: Scene;

beforeAll(async () => {
  original = await buildScene();
  vi.stubEnv("HOME", "/nowhere");
  vi.stubEnv("PATH", original.path);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await original.remove();
});

test.for([...programs, ...places])(
  "a repository cannot make git run or read elsewhere: %s",
  async ([, prepare]) => {
    const scene = await copyScene(original);
    try {
      const { parent, workspace } = scene;
      const trap = await tripwire(parent, join(parent, "trap"));
      await prepare({ parent, root: workspace.root, trap });
      for (const mark of await scene.tripped()) throw new Error(`${mark} ran too early`);
      const before = await treeOf(parent);
      expect(await readingThat(leaks, commands, workspace)).toEqual([]);
      expect(await readdir(join(parent, "marks"))).toEqual([]);
      expect(changed(before, await treeOf(parent))).toEqual([]);
    } finally {
      await scene.remove();
    }
  },
);
