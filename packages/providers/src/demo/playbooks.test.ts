import { expect, test } from "vitest";
import { fixTests } from "./fix-tests.ts";
import type { Playbook, Situation, Step } from "./playbooks.ts";
import {
  createAndChange,
  delegateReading,
  findDefinition,
  push,
  readAFile,
  recallName,
  summarise,
} from "./playbooks.ts";

const ALL_TOOLS = ["read_file", "list_files", "grep", "edit_file", "write_file", "run_bash"];

function situation(request: string, steps: Step[] = [], rest: Partial<Situation> = {}): Situation {
  return { request, steps, earlier: [], tools: new Set(ALL_TOOLS), ...rest };
}

function step(name: string, input: Step["input"], text: string, isError = false): Step {
  return { name, input, text, isError };
}

const numbered = (text: string) =>
  text
    .split("\n")
    .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
    .join("\n");

/** The calls of the next move, as "name argument". */
function nextCalls(playbook: Playbook, at: Situation): string[] {
  const { calls = [] } = playbook.next(at);
  return calls.map(({ name, input }) =>
    [name, input.path ?? input.pattern ?? input.command].filter(Boolean).join(" "),
  );
}

test("a name is known only from the messages that were sent", () => {
  const ask = "What is my name?";
  expect(
    recallName.next(situation(ask, [], { earlier: ["Hello. My name is Ada.", "Thanks"] })).say,
  ).toContain("Ada");
  expect(recallName.next(situation(ask)).say).toContain("have not told me");
});

test("a question about a file is answered from what was read of it", () => {
  const ask = "what is in README.md?";
  expect(nextCalls(readAFile, situation(ask))).toEqual(["read_file README.md"]);
  const read = step("read_file", { path: "README.md" }, numbered("# Kettle\n\nBoils water."));
  expect(readAFile.next(situation(ask, [read])).say).toMatch(/3 lines[\s\S]*> # Kettle\n> Boils water\./);
  const missing = step("read_file", { path: "README.md" }, "There is no README.md.", true);
  expect(readAFile.next(situation(ask, [missing])).say).toContain("There is no README.md.");
});

test("a definition is found by listing, searching, reading", () => {
  const ask = "Where is `parse` defined?";
  const steps: Step[] = [];
  expect(nextCalls(findDefinition, situation(ask, steps))).toEqual(["list_files"]);
  steps.push(step("list_files", {}, "src/\nsrc/recipe.js"));
  expect(nextCalls(findDefinition, situation(ask, steps))[0]).toMatch(/^grep .*parse/);
  steps.push(step("grep", {}, "src/recipe.js:6: export function parse(text) {"));
  expect(nextCalls(findDefinition, situation(ask, steps))).toEqual(["read_file src/recipe.js"]);
  steps.push(step("read_file", { path: "src/recipe.js" }, "     6\texport function parse(text) {"));
  const { say, calls } = findDefinition.next(situation(ask, steps));
  expect(calls).toBeUndefined();
  expect(say).toContain("src/recipe.js, line 6:\n\n    export function parse(text) {");
});

test("a file is created, and then one line of it is changed", () => {
  const ask = "Create notes.md, then change one line of it.";
  const written = step("write_file", { path: "notes.md" }, "Created notes.md.");
  expect(nextCalls(createAndChange, situation(ask))).toEqual(["write_file notes.md"]);
  expect(nextCalls(createAndChange, situation(ask, [written]))).toEqual(["edit_file notes.md"]);
  expect(nextCalls(createAndChange, situation("Create notes.md", [written]))).toEqual([]);
  const refused = step("write_file", { path: "notes.md" }, "notes.md exists.", true);
  expect(createAndChange.next(situation(ask, [refused])).say).toContain("notes.md exists.");
});

test.each([
  [[], "Phase 2"],
  [["read_file"], "read_file package.json"],
  [["read_file", "list_files", "grep"], "list_files"],
])("with the tools %j it goes as far as they allow", (tools, expected) => {
  const at = situation("run the tests and fix what fails", [], { tools: new Set(tools) });
  expect([...nextCalls(fixTests, at), fixTests.next(at).say].join(" ")).toContain(expected);
});

const files = step("list_files", {}, "lib/\nlib/sum.js\npackage.json\ntest/sum.test.js");
const manifest = step(
  "read_file",
  { path: "package.json" },
  numbered('{ "scripts": { "test": "node --test" } }'),
);
const testFile = step(
  "read_file",
  { path: "test/sum.test.js" },
  numbered('import { sum } from "../lib/sum.js";'),
);

test.each([
  ["spec", "exit 1\nstdout:\n✖ failing tests:\n\ntest at test/sum.test.js:3:1\n✖ adds (1.2ms)"],
  ["tap", "exit 1\nstdout:\nnot ok 1 - adds\n  ---\n  location: '/tmp/x/test/sum.test.js:3:1'"],
])("a failure in node's %s report leads to the failing test and to the code it imports", (_, report) => {
  const steps = [files, manifest];
  expect(nextCalls(fixTests, situation("fix the tests", steps))).toEqual(["run_bash node --test"]);
  steps.push(step("run_bash", { command: "node --test" }, report));
  expect(nextCalls(fixTests, situation("fix the tests", steps))).toEqual(["read_file test/sum.test.js"]);
  steps.push(testFile);
  expect(nextCalls(fixTests, situation("fix the tests", steps))).toEqual(["read_file lib/sum.js"]);
});

test("the mistake that it knows is mended in place, and the tests are run again", () => {
  const failure = step("run_bash", {}, "exit 1\nstdout:\ntest at test/sum.test.js:3:1");
  const source = step("read_file", { path: "lib/sum.js" }, numbered("  return whole + top / bottom;"));
  const steps = [files, manifest, failure, testFile, source];
  const { calls } = fixTests.next(situation("fix the tests", steps));
  expect(calls).toEqual([
    {
      name: "edit_file",
      input: {
        path: "lib/sum.js",
        old_text: "return whole + top / bottom;",
        new_text: "return Number(whole) + top / bottom;",
      },
    },
  ]);
  steps.push(step("edit_file", { path: "lib/sum.js" }, "Edited lib/sum.js."));
  expect(nextCalls(fixTests, situation("fix the tests", steps))).toEqual(["run_bash node --test"]);
  steps.push(step("run_bash", {}, "exit 0"));
  expect(fixTests.next(situation("fix the tests", steps)).say).toContain("All tests pass now");
});

test("another mistake is beyond the script, and it says so", () => {
  const failure = step("run_bash", {}, "exit 1\nstdout:\ntest at test/sum.test.js:3:1");
  const source = step("read_file", { path: "lib/sum.js" }, numbered("export const sum = (a, b) => a - b;"));
  const { say, calls } = fixTests.next(
    situation("fix the tests", [files, manifest, failure, testFile, source]),
  );
  expect(calls).toBeUndefined();
  expect(say).toContain("beyond my script");
});

test("tests that pass already leave nothing to do", () => {
  const at = situation("run the tests", [files, manifest, step("run_bash", {}, "exit 0\nstdout:\nok")]);
  expect(fixTests.next(at)).toEqual({ say: "All tests pass. There is nothing to fix." });
});

test("git push comes after git status, and a refusal is told", () => {
  const ask = "Show me git status, then push.";
  const steps: Step[] = [];
  expect(nextCalls(push, situation(ask, steps))).toEqual(["run_bash git status --short --branch"]);
  steps.push(step("run_bash", { command: "git status --short --branch" }, "exit 0\nstdout:\n## main"));
  expect(nextCalls(push, situation(ask, steps))).toEqual(["run_bash git push"]);
  steps.push(step("run_bash", { command: "git push" }, "Not run: the user said no: not today", true));
  expect(push.next(situation(ask, steps))).toEqual({
    say: "I did not push. Not run: the user said no: not today",
  });
});

test("tests that may not run are not read as tests that fail", () => {
  const steps = [
    step("list_files", {}, "package.json"),
    step("read_file", { path: "package.json" }, numbered('{ "scripts": { "test": "node --test" } }')),
    step("run_bash", { command: "node --test" }, "Not run: the user said no.", true),
  ];
  expect(fixTests.next(situation("run the tests and fix what fails", steps))).toEqual({
    say: "I could not run the tests. Not run: the user said no.",
  });
});

test("each file of a request to delegate is a helper's task", () => {
  const ask = "Delegate: what is in README.md, and what is in src/a.js?";
  const tools = new Set(["delegate"]);
  const { calls = [] } = delegateReading.next(situation(ask, [], { tools }));
  expect(calls.map(({ input }) => input.task)).toEqual(["What is in README.md?", "What is in src/a.js?"]);
  expect(delegateReading.next(situation(ask)).say).toContain("Phase 8 has one");
});

test("a conversation that is written out is summed up, and an earlier summary stays", () => {
  const ask = [
    "<earlier-summary>\n## Goal\n- Count.\n</earlier-summary>",
    "<conversation>\n<user>\nWhat is in a.txt?\nSay it.\n</user>\n<agent>\nI look.",
    'read_file {"path":"a.txt"}\n</agent>\n<tool>\none\n</tool>\n</conversation>\nWrite the summary.',
  ].join("\n");
  expect(summarise.answers(ask)).toBe(true);
  expect(summarise.next(situation(ask)).say).toBe(
    '## Goal\n- Count.\n## Goal\n- What is in a.txt?\n## Done\n- read_file {"path":"a.txt"}\n## Next\n- Wait for the user.',
  );
});
