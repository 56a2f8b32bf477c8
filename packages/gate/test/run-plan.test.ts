import { type CommandOutcome, runCommand } from "@eightfold/shell";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, test, vi } from "vitest";
import { inspectCommand } from "../src/inspect.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();

async function ran(command: string): Promise<CommandOutcome> {
  const plan = await inspectCommand(command, scene.workspace);
  expect(plan).toMatchObject({ verdict: "reads", reason: "only reads", command });
  const options = { cwd: scene.workspace.root, signal: new AbortController().signal };
  return runCommand(plan, options);
}

test("words reach the program as they were written", async () => {
  const { stdout } = await ran(`printf '<%s>\\n' "it's" 'a  b' c\\ d '$(id)' "\\"" ''`);
  expect(stdout).toBe("<it's>\n<a  b>\n<c d>\n<$(id)>\n<\">\n<>");
});

test("a file's name is a word, whatever is in it", async () => {
  await writeFiles(scene.workspace.root, { "odd/'; echo ran; '.txt": "", "odd/$(echo ran).txt": "" });
  const { stdout } = await ran("ls -1 -N odd/*.txt");
  expect(stdout).toBe("odd/$(echo ran).txt\nodd/'; echo ran; '.txt");
});

test("cd holds for what follows it", async () => {
  expect((await ran("cd src && cat b.txt; pwd")).stdout).toBe(`three\n${scene.workspace.root}/src`);
});

test("a message begins with the program's own name", async () => {
  expect((await ran("cat nowhere.txt")).stderr).toBe("cat: nowhere.txt: No such file or directory");
});

test("operators and the ending are the command's own", async () => {
  const { ending, stdout } = await ran("false || echo no && cat a.txt | head -1; false");
  expect({ ending, stdout }).toEqual({ ending: { type: "exit", code: 1 }, stdout: "no\none" });
});

test("searches of a folder leave out what may hold secrets", async () => {
  for (const command of ["grep -r secret .", "rg -uu secret", "rg --hidden --no-ignore secret ."])
    expect((await ran(command)).stdout, command).toBe("");
});

test("the user's variables do not reach what only reads", async () => {
  vi.stubEnv("GREP_COLORS", "x");
  vi.stubEnv("BASH_FUNC_cat%%", "() { echo function; }");
  vi.stubEnv("SOME_TOKEN", "secret");
  expect((await ran("cat a.txt")).stdout).toBe("one\ntwo");
  expect((await ran("git status --short")).stderr).toBe("");
});

test("a plan that was not proved runs as it was written", async () => {
  const plan = await inspectCommand("echo $((1 + 1))", scene.workspace);
  expect(plan).toEqual({
    type: "command",
    command: "echo $((1 + 1))",
    verdict: "unproved",
    reason: "$((… stands for something that only the shell knows",
  });
  const options = { cwd: scene.workspace.root, signal: new AbortController().signal };
  expect((await runCommand(plan, options)).stdout).toBe("2");
});
