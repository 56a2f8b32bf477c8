import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { link, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { openWorkspace, planWrite, readTextPage, writeText } from "./index.ts";

const text = (letter: string, lines: number) => `${letter.repeat(999)}\n`.repeat(lines);

/** Runs a module in a process of its own; the first line that it prints says that it has begun. */
async function started(code: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout ?? child, "data");
  return child;
}

/** Saves a file for ever, long and short by turns. */
const SAVES = `
const [, source, root] = process.argv;
const { openWorkspace } = await import(source + "/workspace.ts");
const { resolvePath } = await import(source + "/guard.ts");
const { saveFile } = await import(source + "/save.ts");
const { loadText } = await import(source + "/text-file.ts");
const workspace = await openWorkspace(root);
const place = await resolvePath(workspace, "file");
const texts = [["b", 750], ["a", 1000]].map(([letter, lines]) => (letter.repeat(999) + "\\n").repeat(lines));
console.log("begun");
for (let turn = 0; ; turn++) await saveFile(workspace, place, texts[turn % 2], await loadText(workspace, place));
`;

/** Looks without a pause, so that a kill comes in the middle of a write. */
function watchUntilWritten(file: string): void {
  const { mtimeMs } = statSync(file);
  for (let looks = 0; looks < 100_000 && statSync(file).mtimeMs === mtimeMs; looks++);
}

test.each([
  ["in place", 2, 200],
  ["beside", 1, 50],
])(
  "a file that is saved %s by a process that is killed is old or new, and nothing is left",
  async (_, names, rounds) => {
    const { root } = await workspaceWith({ file: text("a", 1000) });
    if (names === 2) await link(join(root, "file"), join(root, "other name"));
    const whole = [text("a", 1000), text("b", 750)];
    let torn = 0;
    for (let round = 0; round < rounds; round++) {
      const child = await started(SAVES, import.meta.dirname, root);
      const closed = once(child, "close");
      if (round % 2) await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      else watchUntilWritten(join(root, "file"));
      child.kill("SIGKILL");
      await closed;
      if (!whole.includes(await readFile(join(root, "file"), "utf8"))) torn++;
      await openWorkspace(root);
      expect(whole.includes(await readFile(join(root, "file"), "utf8"))).toBe(true);
      expect(await readdir(root)).toEqual(names === 2 ? ["file", "other name"] : ["file"]);
    }
    if (names === 1) expect(torn).toBe(0);
  },
  600_000,
);

/** Adds an x to a file again and again, and prints how often it was told that it had. */
const ADDS = `
const [, source, root] = process.argv;
const { openWorkspace, readTextPage, replaceText } = await import(source + "/index.ts");
const workspace = await openWorkspace(root);
let added = 0;
for (let turn = 0; turn < 150; turn++) {
  try {
    const { lines: [line] } = await readTextPage(workspace, "file");
    await replaceText(workspace, "file", line, line + "x");
    added++;
  } catch {}
}
console.log(added);
`;

test.each([
  ["in place", 2],
  ["beside", 1],
])(
  "two agents that save one file %s at the same time lose nothing of what they were told is saved",
  async (_, names) => {
    const { root } = await workspaceWith({ file: "x" });
    if (names === 2) await link(join(root, "file"), join(root, "other name"));
    const run = promisify(execFile);
    const args = ["--input-type=module", "-e", ADDS, import.meta.dirname, root];
    const both = await Promise.all([1, 2].map(() => run(process.execPath, args)));
    const added = both.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    expect((await readFile(join(root, "file"), "utf8")).length).toBe(1 + added);
  },
);

/** Puts a link to a folder outside in the place of a folder, and the folder back, for ever. */
const SWAPS = `
import { renameSync, symlinkSync, unlinkSync } from "node:fs";
const [, folder, outside] = process.argv;
console.log("begun");
for (let turn = 0; ; turn++) {
  renameSync(folder, folder + ".moved");
  try {
    symlinkSync(outside, folder);
    unlinkSync(folder);
    renameSync(folder + ".moved", folder);
  } catch {
    for (let again = 0; ; again++) {
      try {
        renameSync(folder, folder + ".made" + turn + "-" + again); // it was made while it was away
        renameSync(folder + ".moved", folder);
        break;
      } catch {} // and once more
    }
  }
}
`;

test("a folder that is swapped for a link all the time leads nothing outside, and nothing is left", async () => {
  const workspace = await workspaceWith({ "d/inner/old": "0" });
  const outside = join(dirname(workspace.root), "outside");
  await mkdir(join(outside, "inner"), { recursive: true });
  await writeFile(join(outside, "inner/old"), "theirs");
  const child = await started(SWAPS, join(workspace.root, "d"), outside);
  const closed = once(child, "close");
  const made = new Set<string>();
  for (let round = 0; round < 500; round++) {
    for (const path of [`d/new ${round}`, `d/folder ${round}/new`]) {
      await writeText(workspace, path, "ours").then(
        () => made.add(path),
        () => {},
      );
    }
    await readTextPage(workspace, "d/inner/old").catch(() => {});
    const plan = await planWrite(workspace, "d/inner/old", `${round}`).catch(() => undefined);
    await plan?.land().catch(() => {});
  }
  expect(child.exitCode).toBe(null); // it has swapped all the time
  child.kill("SIGKILL");
  await closed;
  expect(await readdir(outside, { recursive: true })).toEqual(["inner", join("inner", "old")]);
  expect(await readFile(join(outside, "inner/old"), "utf8")).toBe("theirs");
  expect(made.size).toBeGreaterThan(0);
  const inside = await readdir(workspace.root, { recursive: true });
  expect(inside.filter((path) => path.includes(".tmp"))).toEqual([]);
}, 600_000);
