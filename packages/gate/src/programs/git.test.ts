import { describe, expect, test } from "vitest";
import { gitTable } from "../../test/git-table.ts";
import { sceneForAll, wrongly } from "../../test/scene.ts";
import { gitCommands } from "./git.ts";

const scene = sceneForAll();

const ofGit = (calls: readonly string[]) => calls.map((call) => `git ${call}`);

test("every command of the table has its examples", () => {
  expect(Object.keys(gitTable).sort()).toEqual(Object.keys(gitCommands).sort());
});

describe.each(Object.entries(gitTable))("git %s", (_, { reads, asks }) => {
  test("only reads", async () => {
    expect(await wrongly("reads", ofGit(reads), scene.workspace)).toEqual([]);
  });

  test("is asked about when it may do more", async () => {
    expect(await wrongly("unproved", ofGit(asks), scene.workspace)).toEqual([]);
  });
});

test("git's own options before the command", async () => {
  const reads = ["--no-pager status", "-C src status", "-C . --no-pager log", "--version"];
  const asks = [
    "-c core.pager=x log",
    "--git-dir=x log",
    "-C .. log",
    "-C src -C .. log",
    "--exec-path=x log",
    "-p log",
    "",
  ];
  expect(await wrongly("reads", ofGit(reads), scene.workspace)).toEqual([]);
  expect(await wrongly("unproved", ofGit(asks), scene.workspace)).toEqual([]);
});
