import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askedOnce, seeAll, startGated } from "../test/fixtures/asked.ts";
import { startOnScreen } from "../test/fixtures/emulator.ts";
import { styledAnswer, styledQuestion } from "./ask.ts";

const agent = "asking-agent";

test("a command is shown whole: wrapped, line by line, and with what is invisible by its number", async () => {
  const hostile = await askedOnce("hostile");
  expect(hostile.page().slice(5)).toEqual([
    "? run \\x1b[2J",
    "  $ echo \\x1b[2J\\u202e\\u200b\\xa0\\u{e0041}\\r x",
    "  > cat <<'E'",
    "  > \\ttab",
    "  > E",
    "  why\\x07",
    "  y once · a always all\\x1b[31m · n no, or say why:",
  ]);
  const long = await askedOnce("long", { columns: 60, rows: 24 });
  const page = long.page();
  const command = page.slice(page.indexOf("? run a command") + 1, -2);
  expect(command.map((line) => line.slice(0, 4))).toEqual(["  $ ", ...command.slice(1).map(() => "    ")]);
  expect(
    command
      .map((line) => line.slice(4))
      .join("")
      .replaceAll(" ", ""),
  ).toBe(`node${"word".repeat(60)}${"x".repeat(200)};rm-r~`);
});

const shownOf = (command: string, columns = 80) =>
  styledQuestion({ title: "run a command", body: { command }, reason: "" }, columns)
    .map(({ text }) => text)
    .join("");

test("a blank behind the last backslash of a line is shown: without it, rm would be an argument of echo", () => {
  expect(shownOf("echo hello \\ \nrm -r ~")).toContain("  $ echo hello \\[1 × blank]\n  > rm -r ~\n");
  expect(shownOf("cat <<E\nE  \nE")).toContain("  > E[2 × blank]\n  > E\n");
});

test.each([
  [
    "a letter of another alphabet in a Latin word",
    "\u0441url http://go\u043egle.com",
    "\\u0441url http://go\\u043egle.com",
  ],
  ["what looks like a quote", "echo \u02bc; rm -r ~; echo \u02bc", "echo \\u02bc; rm -r ~; echo \\u02bc"],
  ["what looks like a semicolon", "echo a\u037e ls", "echo a\\u037e ls"],
  [
    "words of another alphabet",
    "git commit -m 'Исправить αβγ, 修复；don’t'",
    "git commit -m 'Исправить αβγ, 修复；don’t'",
  ],
])("%s: a command is shown as bash reads it", (_, command, shown) => {
  expect(shownOf(command)).toContain(`  $ ${shown}\n`);
});

test("two commands that differ by a blank look different, wherever the line breaks", () => {
  const command = `rm -r 'old  build' ${"word ".repeat(8)}${"x".repeat(40)} end`;
  for (const columns of [80, 40, 20]) {
    const all = Array.from({ length: command.length + 1 }, (_, at) => [
      `${command.slice(0, at)} ${command.slice(at)}`,
      `${command.slice(0, at)}\n${command.slice(at)}`,
    ]);
    const commands = new Set([command, ...all.flat()]);
    expect(new Set([...commands].map((each) => shownOf(each, columns))).size).toBe(commands.size);
  }
});

test("a diff is shown whole, and coloured", async () => {
  const terminal = await askedOnce("edit");
  await seeAll(terminal);
  const page = terminal.page();
  expect(page.slice(page.indexOf("? edit src/a.js") + 1)).toEqual([
    ...Array.from({ length: 40 }, (_, index) => `  ${String(index + 1).padStart(2)} + line ${index + 1}`),
    "  Changes are asked for.",
    "  42 rows · y once · a always all changes of files · n no, or say why:",
  ]);
  expect(terminal.drawn()).toContain("\x1b[32m+ line 40");
});

test.each([
  ["is not shown again", "edit", 0],
  ["is shown when it is another one", "other", 24],
])("a diff that was agreed to %s", async (_, request, count) => {
  const terminal = await askedOnce(`${request} land`);
  await seeAll(terminal);
  terminal.type("y\r");
  expect(await terminal.exitCode).toBe(0);
  await terminal.until('[{"type":"once"}]');
  const page = terminal.page();
  const after = page.slice(page.findIndex((line) => line.startsWith("• bash")));
  expect(after.filter((line) => / \d+ \+ line /.test(line))).toHaveLength(count);
});

test("a long line of a diff is shown to its end", () => {
  const body = { diff: `@@ -0,0 +1 @@\n+${"x".repeat(5_000)}end\n` };
  const runs = styledQuestion({ title: "edit", body, reason: "" }, 80);
  expect(runs.map(({ text }) => text).join("")).toContain("end\n");
});

test("text is wrapped, and its lines stay", async () => {
  const terminal = await askedOnce("text");
  expect(terminal.page().slice(5, -1)).toEqual(["? go on", "  one", "  two", "  It costs."]);
});

test("at 40 columns the prompt takes two lines, and both go", async () => {
  const terminal = await askedOnce("push", { columns: 40 });
  expect(terminal.lines().slice(-3)).toEqual([
    "  It is not known to only read.",
    "  y once · a always this exact command",
    "  · n no, or say why:",
  ]);
  terminal.type("no, it goes on and on over the end of the line");
  await terminal.until("the line");
  terminal.type("\r");
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.lines()).toContain("  over the end of the line");
  const lines = terminal.lines();
  const at = lines.indexOf("  It is not known to only read.");
  expect(lines.slice(at + 1, at + 4)).toEqual([
    "  not allowed: no, it goes on and on",
    "  over the end of the line",
    "",
  ]);
});

test("a reason that is long is kept whole", () => {
  const why = "because ".repeat(20).trim();
  const runs = styledAnswer({ type: "no", why }, { title: "", body: { text: "" }, reason: "" }, 40);
  expect(
    runs
      .map(({ text }) => text.trim())
      .join(" ")
      .replace(/ +/g, " ")
      .trim(),
  ).toBe(`not allowed: ${why}`);
});

test("with NO_COLOR the question reads the same", async () => {
  const terminal = await askedOnce("push", { env: { NO_COLOR: "1" } });
  expect(
    terminal
      .drawn()
      .split("\x1b")
      .filter((part) => /^\[[\d;]*m/.test(part)),
  ).toEqual([]);
  expect(terminal.lines()).toContain("? run a command");
});

test("a window that changes its size keeps the question, and its prompt goes", async () => {
  const terminal = await askedOnce("push");
  terminal.type("not");
  await terminal.until("why: not");
  terminal.resize(50, 20);
  terminal.type(" now");
  await terminal.until((lines) => lines.at(-1)?.endsWith("not now") ?? false);
  terminal.type("\r");
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.page()).toContain("  not allowed: not now");
  expect(terminal.page()).not.toContain("say why:");
});

test("a terminal that does not know its size, as in a container, keeps the question when it is answered", async () => {
  const terminal = await askedOnce("push", { through: 'stty columns 0 rows 0; exec "$@"' });
  terminal.type("y\r");
  await terminal.until('[{"type":"once"}]');
  expect(terminal.lines()).toContain("  $ git push");
});

test("a single request asks too, also when its answer goes to a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ask-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const answer = join(folder, "answer.md");
  const terminal = await askedOnce("push+once", { through: `exec "$@" > ${answer}` });
  terminal.type("a\r");
  await terminal.until("  y once · n no, or say why:");
  terminal.type("y\r");
  expect(await terminal.exitCode).toBe(0);
  expect(await readFile(answer, "utf8")).toBe('Let me.\n\n[{"type":"always"},{"type":"once"}]\n');
});

test("keys typed before a single request asks do not answer", async () => {
  const terminal = startGated(["push", "late"]);
  await terminal.until("Let me.");
  terminal.type("y\r");
  terminal.open("ask");
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
  terminal.type("\r");
  await terminal.until('[{"type":"no"}]');
});

test.each([
  ["Ctrl-C", "\x03"],
  ["Esc", "\x1b"],
])("%s at the question of a single request ends it with exit code 130", async (_, key) => {
  const terminal = await askedOnce("push");
  terminal.type(key);
  expect(await terminal.exitCode).toBe(130);
  expect(terminal.lines()).toContain("  not allowed");
});

test("SIGTERM at the question is a no, and leaves", async () => {
  const terminal = await askedOnce("push");
  process.kill(terminal.pid, "SIGTERM");
  expect(await terminal.exitCode).toBe(143);
  expect(terminal.drawn()).toContain("not allowed");
  expect(terminal.drawn()).toContain("\x1b[?2004l");
});

test.each([
  ["stdin is none", '"$@" < /dev/null'],
  ["stderr is none", '"$@" 2> /dev/null'],
])("nobody is asked when %s", async (_, through) => {
  const terminal = startOnScreen(["push"], { agent, through });
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.lines().at(-1)).toBe('[{"type":"no"}]');
});
