import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "@eightfold/shell";
import { openWorkspace } from "@eightfold/workspace";
import { expect, onTestFinished, test, vi } from "vitest";
import { inspectCommand } from "./inspect.ts";

const { signal } = new AbortController();

/** A workspace, and a PATH with nothing on it but a shell. */
async function bareMachine() {
  const base = await realpath(await mkdtemp(join(tmpdir(), "eightfold-absent-")));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(base, { recursive: true });
  });
  const root = join(base, "work");
  await mkdir(join(base, "bin"));
  await mkdir(root);
  for (const name of ["bash", "cat", "ls"]) await symlink(`/bin/${name}`, join(base, "bin", name));
  await writeFile(join(root, "a.txt"), "parse\n");
  vi.stubEnv("PATH", join(base, "bin"));
  return openWorkspace(root);
}

test("where there is no rg, the one that came with us searches", async () => {
  const workspace = await bareMachine();
  const plan = await inspectCommand("rg parse", workspace);
  expect(plan).toMatchObject({ verdict: "reads" });
  const { stdout } = await runCommand(plan, { cwd: workspace.root, signal });
  expect(stdout).toBe("a.txt:parse");
});

test.each(["tree", "jqq --version"])("%s is judged by the table, there or not", async (command) => {
  const workspace = await bareMachine();
  const { verdict } = await inspectCommand(command, workspace);
  expect(verdict).toBe(command === "tree" ? "reads" : "unproved");
});
