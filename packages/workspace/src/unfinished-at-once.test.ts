import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { processState } from "@eightfold/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { after, before, ended, folder, leftBehind } from "../test/left-behind.ts";
import { contentOf } from "../test/temp-workspace.ts";
import { openWorkspace } from "./index.ts";

test("of a note that another process acts on nobody else puts an old text back", async () => {
  const torn = after.slice(0, 10) + before.slice(10);
  const running = { pid: process.pid, started: processState(process.pid)?.started ?? "" };
  const { workspace, file } = await leftBehind(torn, {}, running); // by a process that runs: no agent on this machine takes it
  const other = spawn("sleep", ["60"]);
  const taken = `${file}~${other.pid}~${processState(other.pid ?? 0)?.started}`;
  onTestFinished(() => rm(taken, { force: true }));
  await rename(file, taken);
  const note = await readFile(taken, "utf8");
  await writeFile(taken, note.replace(`"pid":${process.pid}`, `"pid":${ended}`));
  await openWorkspace(workspace.root);
  expect(await contentOf(workspace, "a")).toBe(torn);
  other.kill();
  await once(other, "close");
  await openWorkspace(workspace.root);
  expect(await contentOf(workspace, "a")).toBe(before);
  expect(existsSync(taken)).toBe(false);
});

test("whoever comes while another process puts the old text back waits for it", async () => {
  const { workspace, path, file } = await leftBehind(before);
  const note = await readFile(file, "utf8");
  const script = `
    import { readFileSync } from "node:fs";
    import { openWorkspace } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    import { NOTES } from ${JSON.stringify(import.meta.resolve("./unfinished.ts"))};
    NOTES.splice(0, NOTES.length, ${JSON.stringify(folder)});
    process.on("message", async ([root, path]) => {
      await openWorkspace(root);
      process.send(readFileSync(path, "utf8"));
    });
    process.send("ready");`;
  const agents = [1, 2, 3].map(() =>
    spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    }),
  );
  onTestFinished(() => {
    for (const agent of agents) agent.disconnect();
  });
  await Promise.all(agents.map((agent) => once(agent, "message")));
  for (let round = 0; round < 50; round++) {
    await writeFile(path, after.slice(0, 10) + before.slice(10));
    await writeFile(`${file}.new`, note);
    await rename(`${file}.new`, file);
    const found = await Promise.all(
      agents.map(async (agent) => {
        const message = once(agent, "message");
        agent.send([workspace.root, path]);
        return (await message)[0];
      }),
    );
    expect(found).toEqual([before, before, before]);
  }
});

test("a note that is left while others are looked at is found by whoever comes then", async () => {
  const torn = after.slice(0, 10) + before.slice(10);
  const { workspace, path, file } = await leftBehind(before);
  const note = await readFile(file, "utf8");
  await rm(file);
  const other = spawn("sleep", ["60"]);
  onTestFinished(() => void other.kill());
  const [passed, waitedFor] = [
    `draft-x~${ended}~1`,
    `zz~${other.pid}~${processState(other.pid ?? 0)?.started}`,
  ];
  for (const name of [waitedFor, passed]) {
    const added = join(dirname(file), name);
    onTestFinished(() => rm(added, { force: true }));
    await writeFile(added, JSON.stringify({ pid: ended, started: "1", temporary: "/nothing" }));
  }
  const first = openWorkspace(workspace.root);
  await vi.waitFor(() => expect(existsSync(join(dirname(file), passed))).toBe(false), 60_000);
  await writeFile(path, torn);
  await writeFile(file, note);
  const second = openWorkspace(workspace.root);
  other.kill();
  await second;
  expect(await contentOf(workspace, "a")).toBe(before);
  await first;
});
