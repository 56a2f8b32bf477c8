import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "../../../src/shell/index.ts";
import { gitAt } from "../../workspace/temp-repository.ts";
import { leaking } from "./corpus-leaks.ts";
import { reads } from "./corpus-reads.ts";
import { eachOf, runIfReads } from "./corpus-run.ts";
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

test("what runs unasked leaves all as it was, and says what the command itself says", {
  timeout: 120_000,
}, async () => {
  const before = await treeOf(scene.parent);
  const ours = await eachOf(commands, (command) => runIfReads(command, scene.workspace));
  expect(changed(before, await treeOf(scene.parent))).toEqual([]);

  const options = { cwd: scene.workspace.root, signal: new AbortController().signal };
  const differences = await eachOf(commands, async (command, index) => {
    const plan = ours[index];
    if (plan === undefined || index % 3 !== 0 || !isSteady(command)) return [];
    const own = shown(await runCommand(command, options));
    return own === shown(plan) ? [] : [{ command, own, ours: shown(plan) }];
  });
  expect(differences.flat()).toEqual([]);
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
  const leaky = await eachOf(shown, async (command) => {
    const outcome = await runIfReads(command, spoiled.workspace);
    return outcome && leaks(outcome.stdout + outcome.stderr) ? [command] : [];
  });
  expect(leaky.flat()).toEqual([]);
});

test("no secret and nothing outside is printed by what runs unasked", { timeout: 120_000 }, async () => {
  const before = await treeOf(spoiled.parent);
  const leaky = await eachOf([...commands, ...leaking], async (command) => {
    const outcome = await runIfReads(command, spoiled.workspace);
    return outcome && leaks(outcome.stdout + outcome.stderr) ? [command] : [];
  });
  expect(leaky.flat()).toEqual([]);
  expect(changed(before, await treeOf(spoiled.parent))).toEqual([]);
  expect(await spoiled.tripped()).toEqual([]);
});

/** Git knows it in every repository. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The time, and the order of files that a search on several threads comes upon, are never twice the same. */
function isSteady(command: string): boolean {
  return !/^date|^rg|\| rg|^git blame/.test(command);
}

function shown({ ending, stdout, stderr }: Awaited<ReturnType<typeof runCommand>>): string {
  return [JSON.stringify(ending), stdout, stderr].join("\n");
}
