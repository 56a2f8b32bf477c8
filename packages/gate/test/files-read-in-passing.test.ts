import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { readingThat, runWhatReads } from "./corpus-run.ts";
import { sceneForAll, wrongly } from "./scene.ts";

const MARK = "OUTSIDE-MARK-7f3a";

const scene = sceneForAll();

test("a line of a file outside is not shown as one that makes no sense", async () => {
  const { root } = scene.workspace;
  await writeFile(join(root, "../outside.txt"), `[${MARK}\n{${MARK}\n${MARK} \\\n!${MARK}/[\n`);
  const names = [".ignore", ".rgignore", ".gitignore", ".npmrc", ".gitattributes", ".gitmodules", ".mailmap"];
  for (const name of names) await symlink("../outside.txt", join(root, name));
  const commands = [
    ...[
      "rg one",
      "rg --files",
      "rg -uu one",
      "cd src && rg three",
      "rg three src",
      "rg three src/b.txt",
      "npm --version",
      "git status",
      "git diff",
    ],
    ...[
      "git check-ignore -v a.txt",
      "git log --format=%aN",
      "git blame a.txt",
      "git grep one",
      "git ls-files --eol",
    ],
  ];
  expect(await readingThat((output) => output.includes(MARK), commands, scene.workspace)).toEqual([]);
  for (const name of [".ignore", ".rgignore", ".gitignore"]) {
    expect(
      await wrongly("unproved", ["rg one", "cd src && rg three", "rg three src"], scene.workspace),
    ).toEqual([]);
    await rm(join(root, name));
  }
  await symlink("../../outside.txt", join(root, "src/.ignore"));
  const [found] = await runWhatReads(["rg one"], scene.workspace);
  expect(found).toEqual({ code: 0, stdout: "a.txt:one\n", stderr: "" });
});

test("the settings of a repository in the repository are not searched", async () => {
  const { root } = scene.workspace;
  await writeFiles(root, { "inner/a.txt": "" });
  await gitAt(join(root, "inner"), "init", "--quiet");
  const commands = ["rg url", "grep -r url", "grep -r url .", "cat HEAD", "cat config", "ls"];
  const inside = commands.map((command) => `cd inner/.git && ${command}`);
  expect(await wrongly("unproved", inside, scene.workspace)).toEqual([]);
});
