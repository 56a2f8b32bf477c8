import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { runCommand } from "@eightfold/shell";
import { isSecret, SECRETS } from "@eightfold/workspace";
import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { inspectCommand } from "../src/inspect.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();

/** A file that a name of the list stands for, in a folder of the project. */
const exampleOf = (glob: string, index: number) =>
  `sub/${index}/${glob
    .replace("/**/", "/a/")
    .replace(/\/\*\*$/, "/a/b.txt")
    .replaceAll("*", "a")}`;

const upperCase = (path: string) => path.replace(/[^/]+$/, (name) => name.toUpperCase());
const examples = SECRETS.map(exampleOf).flatMap((path) => [path, upperCase(path)]);

test("the test of paths knows each name on the list of secrets", () => {
  expect(examples.filter((path) => !isSecret(path))).toEqual([]);
});

test("no name on the list of secrets is shown by ripgrep, grep or git", async () => {
  const { root } = scene.workspace;
  await rm(join(root, "sub"), { recursive: true, force: true });
  await writeFiles(root, Object.fromEntries(examples.map((path) => [path, `LEAK of ${path}\n`])));
  const tracked = examples.filter((path) => !path.includes("/.git/"));
  await gitAt(root, "add", "--force", "--", ...tracked);
  await gitAt(root, "commit", "--quiet", "--message=Keys");
  await writeFiles(root, Object.fromEntries(tracked.map((path) => [path, `LEAK again of ${path}\n`])));
  const all = ["grep -rn LEAK .", "grep -r LEAK sub", "rg -uuu LEAK", "rg --hidden --no-ignore LEAK sub"];
  const git = ["git grep LEAK", "git diff", "git log -p", "git show", "git log --oneline -S LEAK"];
  for (const command of [...all, ...git, "git log --oneline -G '^LEAK of'"]) {
    const plan = await inspectCommand(command, scene.workspace);
    expect(plan).toMatchObject({ command, verdict: "reads" });
    const { stdout, stderr } = await runCommand(plan, { cwd: root, signal: new AbortController().signal });
    expect({ command, leaks: /LEAK|Keys/.test(stdout + stderr) }).toEqual({ command, leaks: false });
  }
});

test("nor where a search begins in a folder that makes them secrets", async () => {
  const { root } = scene.workspace;
  const paths = SECRETS.map(exampleOf).map((path) => path.split("/"));
  const folders = paths.flatMap((parts) => parts.slice(3).map((_, at) => parts.slice(0, at + 3).join("/")));
  const commands = [...new Set(folders)].flatMap((folder) => [
    ...[`cd ${folder} && grep -r LEAK`, `cd ${folder} && rg -uu LEAK`],
    ...[`grep -r LEAK ${folder}/`, `rg -uu LEAK ${folder}/.`],
    ...[`cd ${dirname(folder)} && grep -r LEAK ${basename(folder)}`, `cd ${folder} && rg -uu LEAK ../*`],
  ]);
  const leaks: string[] = [];
  for (const plan of await Promise.all(commands.map((command) => inspectCommand(command, scene.workspace)))) {
    if (plan.verdict !== "reads") continue;
    const { stdout, stderr } = await runCommand(plan, { cwd: root, signal: new AbortController().signal });
    if (/LEAK/.test(stdout + stderr)) leaks.push(plan.command);
  }
  expect(leaks).toEqual([]);
});

test("a search of another folder below is not asked about", async () => {
  const { root } = scene.workspace;
  await mkdir(join(root, ".config/nvim"), { recursive: true });
  for (const command of ["cd .config && grep -r x nvim", "cd .config && rg x nvim", "rg x .config/nvim"])
    expect(await inspectCommand(command, scene.workspace)).toMatchObject({ verdict: "reads" });
  expect(await inspectCommand("cd .config && rg x", scene.workspace)).toMatchObject({ verdict: "unproved" });
});

test("no other way to ask git whether a secret holds a text is free", async () => {
  const commands = ["git reflog -S LEAK", "git rev-list -G LEAK HEAD", "git stash list -S LEAK"];
  const plans = await Promise.all(commands.map((command) => inspectCommand(command, scene.workspace)));
  expect(plans.filter(({ verdict }) => verdict === "reads")).toEqual([]);
});
