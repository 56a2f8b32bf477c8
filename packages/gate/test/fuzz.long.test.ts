import { join } from "node:path";
import type { CommandPlan } from "@eightfold/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inspectCommand } from "../src/inspect.ts";
import { asks } from "./corpus-asks.ts";
import { reads } from "./corpus-reads.ts";
import { runAll } from "./corpus-run.ts";
import { changed, treeOf } from "./corpus-tree.ts";
import { buildScene, leaks, type Scene, spoil } from "./corpus-workspace.ts";
import { mutate, randomOf } from "./fuzz-mutations.ts";
import { watchBash } from "./fuzz-watch.ts";

// FUZZ_SEED=7 FUZZ_COUNT=100000 FUZZ_RUNS=5000 goes further, and elsewhere.
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const COUNT = Number(process.env.FUZZ_COUNT ?? 3000);
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

const commands = reads.flatMap((habit) => habit.commands);
const tricks = asks.flatMap((trick) => trick.commands.map(([command]) => command));

let scene: Scene;

beforeAll(async () => {
  scene = await buildScene();
  await spoil(scene);
  vi.stubEnv("PATH", scene.path);
  vi.stubEnv("HOME", join(scene.parent, "home"));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await scene.remove();
});

/** The mutated commands that would run unasked, each script once. */
async function allowed(): Promise<CommandPlan[]> {
  const random = randomOf(SEED);
  const mutated = Array.from({ length: COUNT }, (_, index) =>
    mutate(commands[index % commands.length] ?? "", random, index % 2 ? tricks : commands),
  ).filter((command) => !commands.includes(command));
  const plans = await Promise.all(mutated.map((command) => inspectCommand(command, scene.workspace)));
  const reading = plans.filter(({ verdict }) => verdict === "reads");
  return [...new Map(reading.map((plan) => [plan.proved?.script, plan])).values()];
}

/** As many as wanted, from all over the list. */
function some<Item>(items: readonly Item[], wanted: number): Item[] {
  const step = Math.max(1, items.length / wanted);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

test("a changed command that still runs unasked still only reads", { timeout: 3_600_000 }, async () => {
  const plans = some(await allowed(), RUNS);
  expect(plans.length).toBeGreaterThan(50);
  const watch = await watchBash(join(scene.parent, "watch"), scene.path);
  if (watch) vi.stubEnv("PATH", watch.path);
  const before = await treeOf(scene.workspace.root);
  const outside = await treeOf(join(scene.parent, "outside"));
  const said = await runAll(plans, scene.workspace.root);
  const leaky = plans.filter((_, index) => leaks(`${said[index]?.stdout}${said[index]?.stderr}`));
  const { programs = [], reads = [], writes = [] } = (await watch?.deeds()) ?? {};
  expect(writes).toEqual([]);
  expect(programs.filter((program) => program.startsWith(scene.workspace.root))).toEqual([]);
  expect(reads.filter((path) => path.startsWith(join(scene.parent, "outside")))).toEqual([]);

  expect(leaky).toEqual([]);
  expect(changed(before, await treeOf(scene.workspace.root))).toEqual([]);
  expect(changed(outside, await treeOf(join(scene.parent, "outside")))).toEqual([]);
  expect(await scene.tripped()).toEqual([]);
});
