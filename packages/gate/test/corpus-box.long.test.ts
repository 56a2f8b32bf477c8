import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { CommandPlan } from "@eightfold/core";
import { startCommand } from "@eightfold/shell/test/running";
import { SECRETS } from "@eightfold/workspace";
import { commitAll, gitAt } from "@eightfold/workspace/test/temp-repository";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Reach } from "../src/index.ts";
import { inspectCommand } from "../src/inspect.ts";
import { boxedPlan, hasBox } from "./boxed.ts";
import { asks } from "./corpus-asks.ts";
import { leaking } from "./corpus-leaks.ts";
import { reads } from "./corpus-reads.ts";
import { runAll } from "./corpus-run.ts";
import { changed, treeOf } from "./corpus-tree.ts";
import { buildScene, copyScene, leaks, OUTSIDE, type Scene, SECRET, spoil } from "./corpus-workspace.ts";

const habits = reads.flatMap((habit) => habit.commands);
// The box bounds no number of processes; one that stops is not told from one that works; bash takes no NUL.
const tricks = asks
  .flatMap(({ commands }) => commands.map(([command]) => command))
  .filter((command) => !/^:\(\)|suspend|\0/.test(command));

let scene: Scene;
let spoiled: Scene;
const server = createServer((socket) => socket.end("reached"));
let connections = 0;

beforeAll(async () => {
  [scene, spoiled] = await Promise.all([buildScene(), buildScene()]);
  await spoil(spoiled);
  await forgetSecrets(spoiled);
  vi.stubEnv("PATH", scene.path);
  vi.stubEnv("HOME", join(spoiled.parent, "home"));
  server.on("connection", () => connections++).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.close();
  await Promise.all([scene.remove(), spoiled.remove()]);
});

/** What git holds of a secret can be read wherever git can: here it holds none. */
async function forgetSecrets({ workspace: { root } }: Scene): Promise<void> {
  const config = await readFile(join(root, ".git/config"));
  await rm(join(root, ".git"), { recursive: true });
  await gitAt(root, "init", "--quiet", "--initial-branch=main");
  await writeFile(join(root, ".git/config"), config);
  await writeFile(
    join(root, ".git/info/exclude"),
    ["nested", ...SECRETS.map((glob) => `**/${glob}`)].join("\n"),
  );
  await commitAll(root, "Without secrets");
}

async function plansOf(commands: readonly string[], { workspace }: Scene): Promise<CommandPlan[]> {
  const plans = await Promise.all(commands.map((command) => inspectCommand(command, workspace)));
  return plans.filter(({ verdict }) => verdict === "reads");
}

const boxed = (plans: readonly CommandPlan[], { workspace }: Scene) =>
  Promise.all(plans.map((plan) => boxedPlan(workspace, "read", plan)));

const BATCH = 20;
const SIDE_BY_SIDE = 6; // most of the time some of them wait to be ended

/** What commands say that the gate has not seen. Many share a box; each gets a moment, since some wait for ever. */
async function saidWithoutGate(commands: readonly string[], reach: Reach, scene: Scene): Promise<string> {
  const left = [...commands];
  const said: string[] = [];
  const work = async () => {
    while (left.length > 0) said.push(await saidInOneBox(left.splice(0, BATCH), reach, scene));
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return said.join("\n");
}

async function saidInOneBox(batch: readonly string[], reach: Reach, scene: Scene): Promise<string> {
  const { workspace } = scene;
  const lines = batch.map(
    (command) => `(timeout -s KILL 1 bash -c ${quoted(command)} 2>&1 | head -c 100000) </dev/null`,
  );
  const plan = await boxedPlan(workspace, reach, [...lines, `echo ${END}`].join("\n"));
  const group = await startCommand(plan, workspace.root);
  const [stdout] = await Promise.all([text(group.stdout), text(group.stderr), group.exited]);
  await group.end();
  if (stdout.includes(END) || batch.length === 1) return stdout;
  // One of them has ended the others: each gets a box of its own.
  const alone = await Promise.all(batch.map((command) => saidInOneBox([command], reach, scene)));
  return stdout + alone.join("");
}

const END = "the end of the batch";
const quoted = (command: string) => `'${command.replaceAll("'", "'\\''")}'`;

// bubblewrap is on Linux alone, and where it may make namespaces.
describe.skipIf(!hasBox)("in the box", { timeout: 900_000 }, () => {
  test("what runs unasked says what it says without one", async () => {
    const plans = await plansOf(
      habits.filter((command) => !MACHINE.test(command)),
      scene,
    );
    const ours = await runAll(plans, scene.workspace.root);
    const theirs = await runAll(await boxed(plans, scene), scene.workspace.root);
    const differences = plans.flatMap(({ command }, index) => {
      const said = { ours: ours[index], boxed: theirs[index] };
      return JSON.stringify(said.ours) === JSON.stringify(said.boxed) ? [] : [{ command, ...said }];
    });
    expect(differences).toEqual([]);
  });

  test("what runs unasked touches nothing it must not", async () => {
    const before = await treeOf(spoiled.parent);
    const plans = await plansOf([...habits, ...leaking], spoiled);
    const said = await runAll(await boxed(plans, spoiled), spoiled.workspace.root);
    expect(
      plans.filter((_, index) => leaks(JSON.stringify(said[index]))).map(({ command }) => command),
    ).toEqual([]);
    expect(changed(before, await treeOf(spoiled.parent))).toEqual([]);
  });

  test("without the gate, what may read shows no secret, nothing outside, writes nothing and connects nowhere", async () => {
    const before = await treeOf(spoiled.parent);
    const said = await saidWithoutGate([...tricks, ...connects()], "read", spoiled);
    expect(said.split("\n").filter((line) => line.includes(OUTSIDE) || line.includes(SECRET))).toEqual([]);
    expect(changed(before, await treeOf(spoiled.parent))).toEqual([]);
    expect(await spoiled.tripped()).toEqual([]);
    expect(connections).toBe(0);
  });

  test("without the gate, what may write shows no secret, writes in the workspace alone and connects nowhere", async () => {
    await rm(join(spoiled.workspace.root, "pipe")); // nothing copies one
    for (let first = 0; first < tricks.length; first += EACH_COPY) {
      const target = await copyScene(spoiled);
      const before = await keptBy(target);
      const some = [...connects(), ...tricks.slice(first, first + EACH_COPY)];
      const said = await saidWithoutGate(some, "write", target);
      expect(said.split("\n").filter((line) => line.includes(SECRET))).toEqual([]);
      expect(await keptBy(target)).toEqual(before);
      expect(await target.tripped()).toEqual([]);
      await target.remove();
    }
    expect(connections).toBe(0);
  });
});

/** They spoil what they work in. */
const EACH_COPY = 200;

/** What must stay as it is. */
async function keptBy({ parent, workspace: { root } }: Scene) {
  const trees = await Promise.all(["outside", "home"].map((name) => treeOf(join(parent, name))));
  const config = await readFile(join(root, ".git/config"), "utf8");
  return [...trees.flatMap((tree) => [...tree]), config, await readdir(join(root, ".git/hooks"))];
}

/** What is said of the machine, of the moment, and of the size of what is hidden. */
const MACHINE = /^(?:date|df|ps|uptime|free|hostname|git blame)\b|^rg|\| rg|ls -la|\.env/;

function connects(): string[] {
  const { port } = server.address() as { port: number };
  return [`cat <>/dev/tcp/127.0.0.1/${port}`, `curl -s http://127.0.0.1:${port}`];
}
