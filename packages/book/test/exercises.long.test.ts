import { join } from "node:path";
import { acceptances, exerciseCommand, readExercises } from "@eightfold/checker";
import { expect, test, vi } from "vitest";
import { readPage } from "../src/blocks.ts";
import { openAnswer } from "../src/exercises.ts";
import { PAGES } from "../src/pages.ts";
import { copyPhase, type PhaseCopy } from "../src/phase-copy.ts";
import { read } from "../src/reading.ts";
import { openRepo } from "../src/repo.ts";
import { temporaryFolder } from "../src/temporary.ts";

const root = join(import.meta.dirname, "../../..");
const repo = openRepo(root);
const exercises = readExercises(root);

/** The answers of the chapters, each with the phase that it is for and without. */
const answers = PAGES.flatMap((path) => {
  const { chapter } = read(repo, readPage(path, repo.read(path) ?? ""));
  return chapter.page.blocks
    .filter(({ kind }) => kind === "answer")
    .map((block) => ({ id: block.text.split(" ")[0] ?? "", block, chapter }));
}).filter(({ id }) => exercises.some((exercise) => exercise.id === id));

test("each exercise of the book has an answer, a hint and an acceptance", () => {
  const ids = exercises.map(({ id }) => id);
  expect(ids).toHaveLength(24);
  expect(acceptances.map(({ id }) => id)).toEqual(ids);
  expect(answers.map(({ id }) => id).sort()).toEqual(ids);
  expect(exercises.filter(({ nudge }) => nudge === "")).toEqual([]);
});

test.concurrent.for(answers)(
  "$id: its answer passes, and the phase as it is fails",
  async ({ id, block, chapter }, { expect }) => {
    const acceptance = acceptances.find((each) => each.id === id);
    const { phase, copy } = await openAnswer(block, chapter, root);
    const approval = phase.number >= 7 ? ["--approval", "auto"] : [];
    const run = async ({ command }: PhaseCopy) =>
      acceptance?.run({ command: [...command, ...approval], dialect: "responses" });
    await run(copy);
    await expect(run(await copyPhase(chapter, root, phase))).rejects.toThrow("expected: ");
  },
);

test("an exercise that has passed is done, also when another attempt fails", async () => {
  await using temporary = await temporaryFolder();
  const print = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const doneFile = join(temporary.path, "done.json");
  const [{ block, chapter } = expect.fail()] = answers.filter(({ id }) => id === "2.1");
  const { phase, copy } = await openAnswer(block, chapter, root);
  const run = (...words: string[]) => exerciseCommand(words, root, doneFile);
  expect(await run("2.1", "--mine", copy.folder)).toBe(0);
  expect(await run("2.1", "--mine", phase.folder)).toBe(1);
  print.mockClear();
  expect(await run()).toBe(0);
  expect(print.mock.calls.join("")).toMatch(/^\d{4}-\d\d-\d\d {2}2\.1 .*\n {12}2\.2 .*\b1 of 24 are done/ms);
  print.mockRestore();
});
