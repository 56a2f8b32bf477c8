import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leaking } from "./corpus-leaks.ts";
import { reads } from "./corpus-reads.ts";
import { readingThat, runAll, runWhatReads } from "./corpus-run.ts";
import { changed, treeOf } from "./corpus-tree.ts";
import { buildScene, leaks, type Scene, spoil } from "./corpus-workspace.ts";

const commands = reads.flatMap((habit) => habit.commands);

let scene: Scene;
let spoiled: Scene;

beforeAll(async () => {
  [scene, spoiled] = await Promise.all([buildScene(), buildScene()]);
  await spoil(spoiled);
  vi.stubEnv("PATH", scene.path);
  vi.stubEnv("TMPDIR", `${scene.parent}/tmp`);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([scene.remove(), spoiled.remove()]);
});

test("what runs unasked leaves all as it was, and says what the command itself says", async () => {
  const before = await treeOf(scene.parent);
  const ours = await runWhatReads(commands, scene.workspace);
  expect(changed(before, await treeOf(scene.parent))).toEqual([]);

  vi.stubEnv("GIT_OPTIONAL_LOCKS", "0"); // a new index would be another file to those after it
  const own = await runAll(commands, scene.workspace.root);
  const differences = commands.flatMap((command, index) => {
    const said = { own: own[index], ours: ours[index] };
    if (said.ours === undefined || !isSteady(command)) return [];
    return JSON.stringify(said.own) === JSON.stringify(said.ours) ? [] : [{ command, ...said }];
  });
  expect(differences).toEqual([]);
});

test("a secret is not shown by the hash of its content", async () => {
  const { root } = spoiled.workspace;
  const blob = (await gitAt(root, "rev-parse", "HEAD:id_rsa")).trim();
  const folder = (await gitAt(root, "rev-parse", "HEAD:.ssh")).trim();
  const names = [
    blob,
    blob.slice(0, 7),
    `v1-1-g${blob.slice(0, 9)}`,
    `${blob}^0`,
    `${blob}^{}`,
    `${blob}^{blob}`,
  ];
  const shown = [...names, folder, `${folder}:id_rsa`, `${folder}:config`, `${folder}^{tree}:config`].flatMap(
    (name) => [
      `git show ${name}`,
      `git cat-file -p ${name}`,
      `git grep SECRET ${name}`,
      `git grep -e SECRET ${name} --`,
      `git diff ${name}`,
      `git diff ${name} HEAD:README.md`,
      `git diff HEAD~1 ${name}`,
      `git diff ${blob} ${name}`,
      `git diff ${EMPTY_TREE} ${name}`,
      `git diff ${name} ${EMPTY_TREE} --stat -p`,
      `git diff HEAD~1:src ${name}`,
      `git log -p ${name}`,
    ],
  );
  expect(await readingThat(leaks, shown, spoiled.workspace)).toEqual([]);
});

test("no secret and nothing outside is printed by what runs unasked", async () => {
  const before = await treeOf(spoiled.parent);
  expect(await readingThat(leaks, [...commands, ...leaking], spoiled.workspace)).toEqual([]);
  expect(changed(before, await treeOf(spoiled.parent))).toEqual([]);
  expect(await spoiled.tripped()).toEqual([]);
});

/** Git knows it in every repository. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The time, and the order of files that a search on several threads comes upon, are never twice the same. */
function isSteady(command: string): boolean {
  return !/^date|^rg|\| rg|^git blame/.test(command);
}
