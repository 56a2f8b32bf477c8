import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { openWorkspace, planWrite, readTextPage, writeText } from "./index.ts";

const text = (letter: string, lines: number) => `${letter.repeat(999)}\n`.repeat(lines);

/** Runs a module of ours in a process of its own; the first line that it prints says that it has begun. */
async function started(code: string, ...args: string[]): Promise<ChildProcess> {
  const index = JSON.stringify(join(import.meta.dirname, "index.ts"));
  const module = `import * as workspace from ${index};\n${code}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", module, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout ?? child, "data");
  return child;
}

/** Saves a file for ever, long and short by turns. */
const SAVES = `
const [, root] = process.argv;
const opened = await workspace.openWorkspace(root);
const texts = [["a", 4000], ["b", 3000]].map(([letter, lines]) => (letter.repeat(999) + "\\n").repeat(lines));
await workspace.readTextPage(opened, "file");
opened.lastRead.set(root + "/file", opened.lastRead.get(root + "/file").split(" ")[0]);
console.log("begun");
for (let turn = 0; ; turn++) await workspace.writeText(opened, "file", texts[turn % 2]);
`;

test.each([
  ["in place", 2],
  ["beside", 1],
])(
  "a file that is saved %s by a process that is killed is old or new, and nothing is left",
  async (_, names) => {
    const { root } = await workspaceWith({ file: text("a", 4000) });
    if (names === 2) await link(join(root, "file"), join(root, "other name"));
    const whole = [text("a", 4000), text("b", 3000)];
    let torn = 0;
    for (let round = 0; round < 200; round++) {
      const child = await started(SAVES, root);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      child.kill("SIGKILL");
      await once(child, "close");
      if (!whole.includes(await readFile(join(root, "file"), "utf8"))) torn++;
      await openWorkspace(root);
      expect(whole.includes(await readFile(join(root, "file"), "utf8"))).toBe(true);
      expect(await readdir(root)).toEqual(names === 2 ? ["file", "other name"] : ["file"]);
    }
    if (names === 1) expect(torn).toBe(0);
    else expect(torn).toBeGreaterThan(0);
  },
  600_000,
);

/** Puts a link to a folder outside in the place of a folder, and the folder back, for ever. */
const SWAPS = `
import { renameSync, symlinkSync, unlinkSync } from "node:fs";
const [, folder, outside] = process.argv;
console.log("begun");
for (;;) {
  renameSync(folder, folder + ".moved");
  symlinkSync(outside, folder);
  unlinkSync(folder);
  renameSync(folder + ".moved", folder);
}
`;

test("a folder that is swapped for a link all the time leads nothing outside, and nothing is left", async () => {
  const workspace = await workspaceWith({ "d/inner/old": "0" });
  const outside = join(dirname(workspace.root), "outside");
  await mkdir(join(outside, "inner"), { recursive: true });
  await writeFile(join(outside, "inner/old"), "theirs");
  const child = await started(SWAPS, join(workspace.root, "d"), outside);
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
  child.kill("SIGKILL");
  await once(child, "close");
  expect(await readdir(outside, { recursive: true })).toEqual(["inner", join("inner", "old")]);
  expect(await readFile(join(outside, "inner/old"), "utf8")).toBe("theirs");
  expect(made.size).toBeGreaterThan(0);
  const inside = await readdir(workspace.root, { recursive: true });
  expect(inside.filter((path) => path.includes(".tmp"))).toEqual([]);
}, 600_000);
