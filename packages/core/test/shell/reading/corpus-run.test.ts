import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "../../../src/shell/index.ts";
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
  const own = await eachOf(commands, (command) => runCommand(command, options));
  const differences = commands.flatMap((command, index) => {
    const [a, b] = [ours[index], own[index]];
    const isOther = a && b && isSteady(command) && shown(a) !== shown(b);
    return isOther ? [{ command, ours: shown(a), own: shown(b) }] : [];
  });
  expect(differences).toEqual([]);
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

/** The time, and the order of files that a search on several threads comes upon, are never twice the same. */
function isSteady(command: string): boolean {
  return !/^date|^rg|\| rg/.test(command);
}

function shown({ ending, stdout, stderr }: Awaited<ReturnType<typeof runCommand>>): string {
  return [JSON.stringify(ending), stdout, stderr].join("\n");
}
