import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { NOTES } from "../src/unfinished.ts";
import { workspaceWith } from "./temp-workspace.ts";

// Each agent on this machine clears up after those that were killed. The notes of these tests are for this process alone.
export const folder = mkdtempSync(join(tmpdir(), "eightfold-notes-"));
NOTES.splice(0, NOTES.length, folder);
process.once("exit", () => rmSync(folder, { recursive: true }));

export const before = "one\n".repeat(1000);
export const after = `${"zwei\n".repeat(1000)}end\n`;

/** A process that has ended. */
export const ended = spawnSync("true").pid;

/** A file as a process left it that was killed while it saved, and its note. */
export async function leftBehind(content: string, note: object = {}, process = { pid: ended, started: "1" }) {
  const workspace = await workspaceWith({ a: content });
  const path = join(workspace.root, "a");
  const { ino } = await stat(path);
  const file = await writeNote({ ...process, path, ino, before, after, ...note });
  return { workspace, path, file };
}

/** Writes a note where notes are; the test removes it. */
async function writeNote(note: object): Promise<string> {
  const name = createHash("sha256").update(JSON.stringify(note)).digest("hex");
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(note));
  onTestFinished(() => rm(file, { force: true }));
  return file;
}
