import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { inspectCommand } from "../src/inspect.ts";
import { asks } from "./corpus-asks.ts";
import { monsters } from "./corpus-asks-characters.ts";
import { reads } from "./corpus-reads.ts";
import { buildScene, type Scene, spoil } from "./corpus-workspace.ts";

let scene: Scene;
let spoiled: Scene;

beforeAll(async () => {
  [scene, spoiled] = await Promise.all([buildScene(), buildScene()]);
  await spoil(spoiled);
  vi.stubEnv("PATH", scene.path);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([scene.remove(), spoiled.remove()]);
});

/** The verdict on each command that differs from the wanted one, with the reasons of both sides. */
async function others(
  { workspace }: Scene,
  wanted: "reads" | "not reads",
  commands: readonly (readonly [command: string, reason: string])[],
): Promise<string[]> {
  const plans = await Promise.all(commands.map(([command]) => inspectCommand(command, workspace)));
  return plans.flatMap(({ verdict, reason }, index) => {
    const [command = "", why = ""] = commands[index] ?? [];
    const isWanted = (verdict === "reads") === (wanted === "reads");
    return isWanted ? [] : [`${JSON.stringify(command.slice(0, 200))} ${verdict}: ${reason} (${why})`];
  });
}

test.for(asks)("asked about: $trick", async ({ commands }) => {
  expect(await others(spoiled, "not reads", commands)).toEqual([]);
});

test.for(reads)("not asked about: $habit", async ({ commands }) => {
  const readings = commands.map((command) => [command, "reads"] as const);
  expect(await others(scene, "reads", readings)).toEqual([]);
});

test("text that may break a parser is answered, and asked about", async () => {
  expect(await others(scene, "not reads", monsters)).toEqual([]);
});

test("nothing runs while commands are judged", async () => {
  const commands = asks.flatMap(({ commands }) => commands.map(([command]) => command));
  await Promise.all(commands.map((command) => inspectCommand(command, spoiled.workspace)));
  expect(await spoiled.tripped()).toEqual([]);
});
