import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startGated } from "../test/fixtures/asked.ts";
import { type Start, startOnScreen } from "../test/fixtures/emulator.ts";

const agent = "asking-agent";
const PROMPT = "n no, or say why:";

/** A conversation in which the question is on the screen, with its prompt. */
async function askedFor(request: string, start: Start = {}) {
  const terminal = startOnScreen([], { ...start, agent });
  await terminal.prompted(0);
  terminal.type(`${request}\r`);
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
  return terminal;
}

const question = ["? run a command", "  $ git push", "  It is not known to only read."];

test("the question stands on the screen, with its prompt, and one line stays of the answer", async () => {
  const terminal = await askedFor("push");
  expect(terminal.page().slice(3)).toEqual([
    "› push",
    "",
    "Let me.",
    "",
    ...question,
    "  y once · a always this exact command · n no, or say why:",
  ]);
  terminal.type("y\r");
  await terminal.prompted(1);
  expect(terminal.page().slice(5)).toEqual([
    "Let me.",
    "",
    ...question,
    "  allowed once",
    "",
    `• bash push → [{"type":"once"}]`,
    "",
    `[{"type":"once"}]`,
    "",
    "›",
  ]);
});

const typedAnswers = [
  ["y", { type: "once" }, "allowed once"],
  ["YES", { type: "once" }, "allowed once"],
  ["a", { type: "always" }, "always allowed: this exact command"],
  ["Always", { type: "always" }, "always allowed: this exact command"],
  ["n", { type: "no" }, "not allowed"],
  ["No", { type: "no" }, "not allowed"],
  ["", { type: "no" }, "not allowed"],
  ["yes but not now", { type: "no", why: "yes but not now" }, "not allowed: yes but not now"],
  ["actually, use yarn", { type: "no", why: "actually, use yarn" }, "not allowed: actually, use yarn"],
  ["no\\", { type: "no", why: "no\\" }, "not allowed: no\\"],
] as const;

test("a typed line answers: yes, always, no, or why not", async () => {
  const terminal = startOnScreen([], { agent });
  await terminal.prompted(0);
  for (const [index, [typed, answer, record]] of typedAnswers.entries()) {
    const before = terminal.page().length;
    terminal.type("push\r");
    await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
    terminal.type(typed);
    terminal.type("\r");
    await terminal.prompted(index + 1);
    const page = terminal.page().slice(before);
    expect(page).toContain(`  ${record}`);
    expect(page.join("\n")).toContain(JSON.stringify([answer]));
    expect(page.join("\n")).not.toContain(PROMPT);
  }
});

test("what is not offered is no answer", async () => {
  const terminal = await askedFor("once");
  expect(terminal.lines().at(-1)).toBe("  y once · n no, or say why:");
  terminal.type("a\r");
  await terminal.until('[{"type":"no","why":"a"}]');
});

test.each([
  ["Esc", "\x1b"],
  ["Ctrl-C", "\x03"],
])("%s is a no, and stops the turn", async (_, key) => {
  const terminal = await askedFor("push");
  terminal.type("half a wo");
  await terminal.until("half a wo");
  terminal.type(key);
  await terminal.prompted(1);
  const page = terminal.page();
  expect(page.slice(page.indexOf("  not allowed"))).toEqual([
    "  not allowed",
    "",
    `• bash push → [{"type":"no"}]`,
    "",
    "stopped",
    "",
    "›",
  ]);
});

test("Ctrl-D is a no, and the turn goes on", async () => {
  const terminal = await askedFor("push");
  terminal.type("\x04");
  await terminal.until('[{"type":"no"}]');
  await terminal.prompted(1);
  expect(terminal.page()).not.toContain("stopped");
});

test("keys typed before the question was there do not answer it: they are the next request", async () => {
  const terminal = startGated();
  await terminal.prompted(0);
  terminal.type("push late\r");
  await terminal.until("Let me.");
  terminal.type("y\ry");
  await terminal.until((lines) => lines.includes("  waits: y") && lines.at(-1) === "› y");
  terminal.open("ask");
  await terminal.until(PROMPT);
  expect(terminal.lines().at(-1)).toBe("  y once · a always this exact command · n no, or say why:");
  terminal.type("n\r");
  await terminal.until("› y");
  await terminal.until(PROMPT);
  terminal.type("\r");
  await terminal.until((lines) => lines.at(-1) === "› y");
});

test("keys between the question and its prompt answer nothing, and are not the next request either, however late they are read", async () => {
  const terminal = startGated();
  await terminal.prompted(0);
  terminal.type("push frozen\r");
  await terminal.until("  It is not known to only read.");
  terminal.type("y\r");
  terminal.open("go on");
  await terminal.until(PROMPT);
  terminal.type("n\r");
  await terminal.prompted(1);
  expect(terminal.page()).toContain("  not allowed");
});

test("whoever types the next request when the question comes goes on with it", async () => {
  const terminal = startGated();
  await terminal.prompted(0);
  terminal.type("push late frozen\r");
  await terminal.until("Let me.");
  terminal.type("and ");
  await terminal.until((lines) => lines.at(-1) === "› and");
  terminal.open("ask");
  await terminal.until("  It is not known to only read.");
  terminal.type("yes");
  terminal.open("go on");
  await terminal.until(PROMPT);
  terminal.type("\r");
  await terminal.until((lines) => lines.at(-1) === "› and yes");
});

test.each([
  ["a marked one, with its Enter", "\x1b[200~y\rrm -rf /\r\x1b[201~", "\r", "y\nrm -rf /\n"],
  ["one that begins with y", "\x1b[200~yes, if you must\x1b[201~", "\r", "yes, if you must"],
  ["one that the terminal does not mark", "y\rrm -rf /\r", "\r", "y\nrm -rf /\n"],
])("a paste does not approve: %s", async (_, paste, enter, why) => {
  const terminal = await askedFor("push");
  terminal.type(paste);
  await terminal.until((lines) => !lines.at(-1)?.endsWith("why:"));
  terminal.type(enter);
  await terminal.until(JSON.stringify([{ type: "no", why: why.trim() }]));
});

test("two questions at once come one after the other", async () => {
  const terminal = await askedFor("push+once");
  terminal.type("y\r");
  await terminal.until("  y once · n no, or say why:");
  terminal.type("not dist\r");
  await terminal.until('[{"type":"once"},{"type":"no","why":"not dist"}]');
});

test("Ctrl-O and Tab do not answer", async () => {
  const terminal = await askedFor("push");
  terminal.type("no\x0f\t way");
  await terminal.until("No tool has run yet.");
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why: no way") ?? false);
  terminal.type("\r");
  await terminal.until('[{"type":"no","why":"no way"}]');
});

test("Ctrl-O between a question and its prompt, while a request is typed, leaves the prompt in its place", async () => {
  const terminal = startGated();
  await terminal.prompted(0);
  terminal.type("push\r");
  await terminal.until(PROMPT);
  terminal.type("n\r");
  await terminal.prompted(1);
  terminal.type("push late\r");
  await terminal.until((lines) => lines.at(-1) === "Let me.");
  terminal.type("and ");
  await terminal.until((lines) => lines.at(-1) === "› and");
  terminal.open("ask");
  await terminal.until(() => terminal.page().filter((line) => line === question[2]).length === 2);
  terminal.type("yes\x0f");
  await terminal.until("q leaves");
  await sleep(500); // longer than a prompt waits for the keyboard to be still
  terminal.type("q");
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
  expect(terminal.lines().slice(-4, -1)).toEqual(question);
  terminal.type("n\r");
  await terminal.until((lines) => lines.at(-1) === "› and yes");
});

test("Ctrl-L does not clear a question off the screen that is still to be answered", async () => {
  const terminal = await askedFor("push");
  terminal.type("no\x0c way");
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why: no way") ?? false);
  expect(terminal.lines()).toContain("  $ git push");
});

test("an answer is not among the earlier requests", async () => {
  const terminal = await askedFor("push");
  terminal.type("\x1b[Anever\r");
  await terminal.until('"why":"never"');
  await terminal.prompted(1);
  terminal.type("\x1b[A");
  await terminal.until((lines) => lines.at(-1) === "› push");
});

test("the wait for the answer is not counted as the tool's: no spinner moves below the prompt", async () => {
  const terminal = await askedFor("push");
  terminal.type("not n");
  await terminal.until("not n");
  terminal.type("ow\r");
  await terminal.until('"why":"not now"');
  expect(terminal.drawn()).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] bash push/);
});
