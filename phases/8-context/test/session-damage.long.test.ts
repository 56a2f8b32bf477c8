import { spawnSync } from "node:child_process";
import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Session } from "../src/sessions/session.ts";
import { assistant, closedSession, lost, notFinished, result, resume, say, user } from "./session-folder.ts";

/** As a process leaves it that ended without a word. */
async function leftBehind({ file }: Session): Promise<void> {
  const { pid } = spawnSync("true");
  const text = await readFile(file, "utf8");
  const lines = text.replaceAll(`"pid":${process.pid}`, `"pid":${pid}`).split("\n");
  await writeFile(file, lines.filter((line) => !line.includes('"release"')).join("\n"));
}

test("cut at every byte of its last three records, a session keeps what was whole, and goes on", async () => {
  const { root, session } = await closedSession();
  await leftBehind(session);
  const bytes = await readFile(session.file);
  const lines = bytes.toString().trimEnd().split("\n");
  const whole = Buffer.byteLength(lines.slice(0, -3).join("\n"));
  await copyFile(session.file, `${session.file}.whole`);
  const messages = [user("read a"), assistant("", "a"), result("a"), assistant("Read.")];

  for (let size = Buffer.byteLength(lines.join("\n")); size >= whole; size--) {
    await copyFile(`${session.file}.whole`, session.file);
    await truncate(session.file, size);
    const left = bytes.subarray(0, size).toString().split("\n").filter(isWhole);
    const kept = messages.slice(0, left.filter((line) => line.includes('"message"')).length);
    const expected = kept.length === 2 ? [...kept, notFinished("a")] : kept;

    const { session: resumed, notice } = await resume(root);
    expect(resumed.log).toEqual(expected);
    const isTorn = bytes[size] !== 0x0a && bytes[size - 1] !== 0x0a;
    expect(notice.includes(lost(1))).toBe(isTorn);
    say(resumed, user("go on"));
    resumed.close();
    const again = await resume(root);
    expect(again.session.log).toEqual([...expected, user("go on")]);
    again.session.close();
  }
});

function isWhole(line: string): boolean {
  try {
    return JSON.parse(line) !== null;
  } catch {
    return false;
  }
}
