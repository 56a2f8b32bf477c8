import { posix } from "node:path";
import { fileText, lacks, lastStep, type Move, type Playbook, type Situation, use } from "./playbooks.ts";

/** Chapter 5. Everything that it knows beforehand is what such a mistake looks like; the rest it reads with the tools. */
export const fixTests: Playbook = {
  example: "Run the tests and fix what fails.",

  answers: (request) => /\b(?:fix|run)\b.*\btests?\b|\btests?\b.*\bfix\b/is.test(request),

  next(situation) {
    const move = lookAround(situation) ?? runTests(situation) ?? readTheFailure(situation);
    return move ?? editTheCause(situation) ?? report(situation);
  },
};

/** A mistake that the script can recognise, and its repair: a number taken from a text, and added as text. */
const ADDED_AS_TEXT = /return (whole) \+ (top \/ bottom);/;

function lookAround(situation: Situation): Move | undefined {
  if (!situation.tools.has("read_file")) return lacks(situation, "read_file", "look at the project");
  if (situation.tools.has("list_files") && !lastStep(situation, "list_files")) {
    return use("I will look at the project first.", "list_files", {});
  }
  const manifest = lastStep(situation, "read_file", "package.json");
  if (!manifest) return readIt("package.json", "package.json says how its tests are run.");
  if (manifest.isError) {
    return { say: `Without a package.json I do not know how its tests are run. ${manifest.text}` };
  }
  const command = testCommand(situation);
  if (!command) return { say: "package.json has no test script, so there is nothing that I could run." };
  const needed = lacks(situation, "run_bash", "run commands");
  return needed && { say: `The tests are run with \`${command}\`. ${needed.say}` };
}

function testCommand(situation: Situation): string | undefined {
  return /"test": *"([^"]+)"/.exec(fileText(situation, "package.json") ?? "")?.[1];
}

function runTests(situation: Situation): Move | undefined {
  const ran = lastStep(situation, "run_bash");
  if (!ran) return run(situation, "Now the tests.");
  if (ran.text.startsWith("Not run:")) return { say: `I could not run the tests. ${ran.text}` };
  if (!ran.text.startsWith("exit 0")) return undefined;
  const edited = lastStep(situation, "edit_file");
  if (!edited) return { say: "All tests pass. There is nothing to fix." };
  return {
    say:
      `All tests pass now. The cause was in ${edited.input.path}: \`whole\` is a piece of text, so \`+\` put the two ` +
      "parts of a mixed number side by side in place of adding them. `Number(whole)` makes it a number.",
  };
}

function readTheFailure(situation: Situation): Move | undefined {
  const test = failingTestFile(situation);
  if (!test)
    return { say: `The tests fail, but I cannot tell which file is at fault:\n\n${outputEnd(situation)}` };
  const seen = new Set([test]);
  for (const path of seen) {
    if (!lastStep(situation, "read_file", path)) {
      return readIt(path, path === test ? `A test in ${test} fails.` : `That code uses ${path}.`);
    }
    for (const imported of importsOf(situation, path)) seen.add(imported);
  }
  return undefined;
}

/** The file of the first failing test: node prints its place as path:line:column, absolute or relative. */
function failingTestFile(situation: Situation): string | undefined {
  const files = lastStep(situation, "list_files")?.text.split("\n").filter(Boolean) ?? [];
  const places = (lastStep(situation, "run_bash")?.text ?? "").matchAll(
    /([^\s('"]+\.(?:test|spec)\.[cm]?js):\d+:\d+/g,
  );
  for (const [, place = ""] of places) {
    const file = files.find((path) => place.replaceAll("\\", "/").endsWith(path));
    if (file) return file;
  }
  return undefined;
}

function importsOf(situation: Situation, path: string): string[] {
  const imports = (fileText(situation, path) ?? "").matchAll(/from "(\.[^"]+)"/g);
  return [...imports].map(([, target = ""]) => posix.join(posix.dirname(path), target));
}

function editTheCause(situation: Situation): Move | undefined {
  if (lastStep(situation, "edit_file")) {
    const last = situation.steps.at(-1);
    const isEdited = last?.name === "edit_file" && !last.isError;
    return isEdited ? run(situation, "And the tests again.") : undefined;
  }
  for (const { input } of situation.steps.filter(({ name }) => name === "read_file")) {
    const path = String(input.path);
    const [old, whole, fraction] = ADDED_AS_TEXT.exec(fileText(situation, path) ?? "") ?? [];
    if (!old) continue;
    const say = `Here it is: in ${path}, \`${whole}\` comes from a regular expression, so it is text, and \`+\` joins texts.`;
    return use(say, "edit_file", { path, old_text: old, new_text: `return Number(${whole}) + ${fraction};` });
  }
  return undefined;
}

function report(situation: Situation): Move {
  const edited = lastStep(situation, "edit_file");
  if (edited?.isError) return { say: `I could not make the change. ${edited.text}` };
  const state = edited
    ? "I mended what I knew, and the tests still fail"
    : "The tests fail for a reason that I do not know";
  return {
    say: `${state}. This is beyond my script: I am no language model. A real one would go on from here.\n\n${outputEnd(situation)}`,
  };
}

const readIt = (path: string, why: string) => use(why, "read_file", { path });

const run = (situation: Situation, say: string) => use(say, "run_bash", { command: testCommand(situation) });

/** The last lines that the tests printed. */
function outputEnd(situation: Situation): string {
  const lines = lastStep(situation, "run_bash")?.text.split("\n") ?? [""];
  return lines
    .slice(-12)
    .map((line) => `    ${line}`)
    .join("\n");
}
