import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Message } from "@eightfold/core";
import { expect, test } from "vitest";
import { emptyFolder, lost, resume } from "./session-folder.ts";

const child = join(import.meta.dirname, "session-child.ts");

/** Runs twenty exchanges where no file can grow beyond so many kilobytes, which fails as a full disk does. */
async function runLimited(root: string, kilobytes: number): Promise<string[]> {
  const limited = `ulimit -f ${kilobytes} && exec "$0" "$@"`;
  const words = ["-c", limited, process.execPath, child, root, "20"];
  const { stdout } = await promisify(execFile)("bash", words);
  return stdout.trimEnd().split("\n");
}

const isTrouble = (line: string) => line.startsWith("trouble");

/** The numbers of the exchanges that were read back. */
const numbers = (log: readonly Message[]) =>
  log.flatMap(({ role, text }) => (role === "tool" ? (/^#(\d+)/.exec(text)?.[1] ?? []) : []));

test("a full disk is told once, the session goes on, and what was saved before is there", async () => {
  const root = await emptyFolder();
  const [ready, ...lines] = await runLimited(root, 8);
  expect(ready).toBe("ready 0");
  expect(lines.filter(isTrouble)).toEqual([
    expect.stringMatching(
      /^trouble From here on this session is not saved: the file may not become larger \(/,
    ),
  ]);
  expect(lines.at(-1)).toBe("19");

  const { session, notice } = await resume(root);
  const confirmed = lines.slice(0, lines.findIndex(isTrouble));
  expect(confirmed.length).toBeGreaterThan(3);
  expect(numbers(session.log)).toEqual(expect.arrayContaining(confirmed));
  expect(notice).toContain(lost(1));
});

test("a session that can be read and not written is resumed, unsaved", async () => {
  const root = await emptyFolder();
  await runLimited(root, 8);
  const { session } = await resume(root);
  session.close();
  const before = await readFile(session.file);

  const lines = await runLimited(root, 0);
  expect(lines.filter(isTrouble)).toEqual([expect.stringContaining("the file may not become larger (")]);
  expect(lines[1]).toBe(`ready ${numbers(session.log).length}`);
  expect(await readFile(session.file)).toEqual(before);
});
