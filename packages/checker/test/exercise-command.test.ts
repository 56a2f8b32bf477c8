import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { exerciseCommand } from "../src/exercises/command.ts";

const folder = mkdtempSync(join(tmpdir(), "eightfold-exercise-"));
const doneFile = join(folder, "state/exercises.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let said = { stdout: "", stderr: "" };
beforeEach(() => {
  said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += text;
      return true;
    });
  return () => vi.restoreAllMocks();
});

const run = (...words: string[]) => exerciseCommand(words, folder, doneFile);

test.for([
  [["9.9"], "There is no exercise 9.9"],
  [["4"], "There is no exercise 4"],
  [["4.1", "4.2"], "One exercise at a time"],
  [["4.2", "--mine", "nowhere"], "There is no agent in nowhere"],
  [["4.2", "--agent", "python3 absent.py"], "There is no file absent.py"],
  [["4.2", "--mine", ".", "--agent", "x"], "two agents"],
  [["--mine", "."], "Which exercise"],
  [["4.2", "--sideways"], "--sideways"],
] as const)("wrong usage is one line and exit code 2: %j", async ([words, message]) => {
  expect(await run(...words)).toBe(2);
  expect(said.stderr).toContain(message);
  expect(said.stderr.split("\n")).toHaveLength(3);
  expect(said.stdout).toBe("");
});

test("what fails is told with what was expected, what was seen and the chapter's hint, and is not done", async () => {
  const agent = `"${process.execPath}" "${import.meta.dirname}/agent/main.ts"`;
  expect(await run("4.2", "--agent", agent)).toBe(1);
  expect(said.stdout).toMatch(/^FAILED {2}4\.2 {2}A file that goes away\n/);
  expect(said.stdout).toContain("expected: a tool `delete_file`");
  expect(said.stdout).toMatch(/seen: \[.*"edit_file"/);
  expect(said.stdout).toContain("hint: Deleting a file loses what overwriting it with nothing would lose.");
  expect(() => readFileSync(doneFile)).toThrow("ENOENT");
});

test("the list has all exercises, and is there whatever the file of those done holds", async () => {
  for (const broken of ["", "[]", "null", '{"4.2": ']) {
    writeFileSync(join(folder, "done.json"), broken);
    expect(await exerciseCommand([], folder, join(folder, "done.json"))).toBe(0);
  }
  expect(said.stdout.match(/^ +4\.2 {2}A file that goes away$/gm)).toHaveLength(4);
  expect(said.stdout.match(/0 of 24 are done/g)).toHaveLength(4);
});
