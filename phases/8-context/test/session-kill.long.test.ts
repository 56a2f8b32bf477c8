import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Message } from "@eightfold/core";
import { listJournals } from "@eightfold/journal";
import { expect, test } from "vitest";
import { emptyFolder, resume } from "./session-folder.ts";

const child = join(import.meta.dirname, "session-child.ts");

/** EIGHTFOLD_KILLS=200 for the long run. */
const kills = Number(process.env.EIGHTFOLD_KILLS ?? 25);

/** Runs the child until a moment after its first word, or from its start, and returns what it confirmed. */
async function killed(root: string, afterReady: boolean, milliseconds: number): Promise<string[]> {
  const run = spawn(process.execPath, [child, root, "1000000"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  run.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  if (afterReady) await once(run.stdout, "data");
  await wait(milliseconds);
  run.kill("SIGKILL");
  await once(run, "close");
  return said.split("\n").slice(0, -1);
}

test(`of sessions that are killed ${kills} times, nothing is lost that was confirmed`, {
  timeout: kills * 10_000,
}, async () => {
  for (let left = kills; left > 0; left -= 9) await keepKilling(Math.min(left, 9));
});

async function keepKilling(times: number): Promise<void> {
  const root = await emptyFolder();
  let confirmed = -1;
  for (let kill = 0; kill < times; kill++) {
    const isStarted = kill % 8 < 7;
    const [ready, ...lines] = await killed(root, isStarted, Math.random() * (isStarted ? 40 : 120));
    if (ready) expect(Number(ready.replace("ready ", ""))).toBeGreaterThan(confirmed);
    confirmed = Math.max(confirmed, ...lines.map(Number));
    if ((await listJournals(root)).length === 0) continue; // it had not said anything yet

    const { session } = await resume(root);
    session.close();
    const there = new Set(session.log.map(({ text }) => text.split(" ")[0]));
    for (let number = 0; number <= confirmed; number++) expect(there).toContain(`#${number}`);
    expectPairs(session.log);
  }
  expect(confirmed).toBeGreaterThan(0);
}

/** Each call is followed by its result, and nothing else is a result. */
function expectPairs(log: readonly Message[]): void {
  for (const [index, message] of log.entries()) {
    const next = log[index + 1];
    const calls = message.role === "assistant" ? message.toolCalls.map(({ id }) => id) : [];
    const answered = next?.role === "tool" ? [next.callId] : [];
    if (calls.join() !== answered.join()) throw new Error(`After ${calls} comes ${answered}.`);
  }
}
