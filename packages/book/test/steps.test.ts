import { join } from "node:path";
import { applicableChecks } from "@eightfold/checker";
import { describe, expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { type Desk, deskWith } from "../src/desk.ts";
import { differences } from "../src/follower.ts";
import { anchorsOf } from "../src/links.ts";
import { openRepo, phasesOf } from "../src/repo.ts";
import { stepsOf } from "../src/steps.ts";

const BY_HAND = "docs/00-write-one-by-hand.md";
const repo = openRepo(join(import.meta.dirname, "../../.."));

// That each step has checks is a rule for pages; that its program type-checks, and that they turn from red to green, is
// proved where the book is run.
describe.for(phasesOf(repo))("the steps of chapter $number", (phase) => {
  const { steps } = stepsOf(repo, phase.number);

  test("are numbered through, and leave the phase in the end", () => {
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
    expect(differences(steps.at(-1)?.program ?? new Map(), deskWith(repo, phase))).toEqual([]);
  });

  test("each turn a check green that the phase has", () => {
    const known = applicableChecks(phase.number).map(({ id }) => id);
    expect(steps.flatMap(({ checks }) => checks).filter((id) => !known.includes(id))).toEqual([]);
  });
});

test("a page of chapter 8 adds at most 320 lines", () => {
  const { start, steps } = stepsOf(repo, 8);
  const pages = [...new Set(steps.map(({ page }) => page))];
  const sizes = [start, ...pages.map((page) => steps.findLast((step) => step.page === page)?.program)].map(
    linesOf,
  );
  expect(pages).toHaveLength(4);
  for (const [at, page] of pages.entries())
    expect({ page, isSmall: (sizes[at + 1] ?? 0) - (sizes[at] ?? 0) <= 320 }).toEqual({
      page,
      isSmall: true,
    });
});

const linesOf = (program: Desk = new Map()) =>
  [...program.values()].reduce((sum, { length }) => sum + length, 0);

test("by hand, each step begins with what the program before it cannot do", () => {
  const { blocks, prose } = readPage(BY_HAND, repo.read(BY_HAND) ?? "");
  const headings = prose.filter(({ text }) => text.startsWith("## "));
  const steps = headings.flatMap(({ text, line }, at) => {
    const end = headings[at + 1]?.line ?? Number.POSITIVE_INFINITY;
    const runs = blocks.filter((block) => block.kind === "run" && block.line > line && block.line < end);
    return text.startsWith("## Step") ? [runs.map(({ fence }) => fence?.body ?? [])] : [];
  });
  const programs = steps.map((runs) =>
    runs.map(([command = ""]) => /by-hand(?:-\d)?\.mjs/.exec(command)?.[0] ?? ""),
  );
  expect(programs).toEqual([
    ["by-hand-1.mjs"],
    ["by-hand-1.mjs", "by-hand-2.mjs"],
    ["by-hand-2.mjs", "by-hand.mjs"],
  ]);
  const answers = steps.slice(1).map((runs) => runs.map((body) => body.join("\n")));
  expect(answers).toEqual([
    [expect.stringContaining("You have not told me."), expect.stringContaining("Your name is Ada.")],
    [expect.stringContaining("I have no tool to read files."), expect.stringContaining("> MIT License")],
  ]);
});

test.for([
  [
    "01-chat-loop",
    "step-1-keep-the-list step-2-talk-to-it the-easy-way-and-how-it-breaks step-4-ask-again step-5-watch-each-attempt step-6-count-what-it-costs step-7-hold-it-to-its-promises",
  ],
  [
    "02-read-tool",
    "step-1-declare-a-tool step-2-read-a-page-not-a-file step-3-give-back-what-can-be-used step-4-close-the-loop step-5-answer-every-call step-6-stay-inside",
  ],
  [
    "03-exploration",
    "step-1-list-what-is-there step-2-search-the-text step-3-hand-them-over step-4-search-what-counts step-5-say-what-is-missing",
  ],
  [
    "04-write",
    "step-1-replace-one-piece step-2-write-a-whole-file step-3-hand-them-over step-4-keep-every-other-byte step-5-explain-a-miss step-6-change-only-what-was-read step-7-land-it-in-one-step",
  ],
  [
    "05-shell",
    "step-1-declare-the-command step-2-hand-it-over step-3-run-it-with-exec step-4-end-what-it-started step-5-keep-both-ends step-6-give-it-an-environment",
  ],
  [
    "06-prompt",
    "step-1-write-the-guidance step-3-build-it-once step-5-end-a-turn-that-does-not-end step-7-wire-it-up",
  ],
  ["07-permissions", "step-1-plan-before-you-run step-2-decide-on-the-plan step-5-put-it-in-the-loop"],
  ["07-permissions", "step-6-put-it-in-a-box step-7-say-so"],
  ["08-context", "step-1-write-records step-2-show-a-view step-3-make-room step-4-keep-what-a-summary-loses"],
  [
    "08-context",
    "step-5-take-changes-back step-6-send-a-helper step-7-join-them on-the-wire break-it your-turn",
  ],
  [
    "08-context",
    "in-real-agents 81-look-up-what-was-left-out 82-a-cheaper-writer 83-a-fork what-is-still-missing",
  ],
])("links to what %s had go on working", ([name, anchors = ""]) => {
  const path = `docs/${name}.md`;
  expect(anchorsOf(readPage(path, repo.read(path) ?? ""))).toEqual(
    expect.arrayContaining(anchors.split(" ")),
  );
});
