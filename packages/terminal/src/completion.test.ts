import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Emulator, type Start, startOnScreen } from "../test/fixtures/emulator.ts";

const LEFT = "\x1b[D";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const ESCAPE = "\x1b";

async function startWithFiles(start: Start = {}): Promise<Emulator> {
  const root = await mkdtemp(join(tmpdir(), "keys-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, "src"));
  for (const name of ["src/parser.ts", "src/print.ts", ".env", "漢字.md"])
    await writeFile(join(root, name), "");
  const terminal = startOnScreen(["--cwd", root], start);
  await terminal.prompted(0);
  return terminal;
}

/** Waits until this is all that stands from the prompt on. */
const below = (terminal: Emulator, ...rows: string[]) =>
  terminal.until((lines) => lines.slice(-rows.length).join("|") === rows.join("|"));

test("a slash lists the commands, letters narrow the list, and Tab takes the first", async () => {
  const terminal = await startWithFiles();
  terminal.type("/");
  await below(
    terminal,
    "› /",
    "  /help   this list",
    "  /model  show or change the model",
    "  /usage  what the session used",
    "  /exit   leave (so does Ctrl-D)",
    "  /quit   leave",
  );
  terminal.type("us");
  await below(terminal, "› /us", "  /usage  what the session used");
  terminal.type("\t\r");
  await terminal.until("You have not asked anything yet.");
  await below(terminal, "›");
  expect(terminal.page().join("\n")).not.toContain("what the session used");
});

test("arrows select, and Enter takes what is selected; without, it sends the line", async () => {
  const terminal = await startWithFiles();
  terminal.type("/");
  await terminal.until("  /quit   leave");
  terminal.type(`${UP}${DOWN}${DOWN}`);
  await terminal.until("→ /model  show");
  terminal.type("\r");
  await below(terminal, "› /model");
  terminal.type("x\r");
  await terminal.until("The model is x.");
  terminal.type("/sag");
  await terminal.until("  /usage  what");
  terminal.type("\r");
  await terminal.until("There is no command /sag.");
});

test("Esc closes the list until another word begins, and Tab opens it again", async () => {
  const terminal = await startWithFiles();
  terminal.type("see @pr");
  await below(terminal, "› see @pr", "  src/print.ts", "  src/parser.ts");
  terminal.type(ESCAPE);
  await below(terminal, "› see @pr");
  terminal.type("in");
  await below(terminal, "› see @prin");
  terminal.type("\t");
  await below(terminal, "› see @src/print.ts");
  terminal.type("@p");
  await below(terminal, "› see @src/print.ts @p", "  src/print.ts", "  src/parser.ts");
  terminal.type("\r");
  await terminal.until('asked "see @src/print.ts @p"');
});

test("a path is completed in the middle of a line, folder by folder, and what was typed ahead waits for it", async () => {
  const terminal = await startWithFiles();
  terminal.type(`read @s now${LEFT.repeat(4)}`);
  await terminal.until(() => terminal.cursor().column === "› read @s".length);
  terminal.type("\t");
  await below(terminal, "› read @s now", "  src/", "  src/print.ts", "  src/parser.ts");
  terminal.type("\t");
  await below(terminal, "› read @src/ now", "  src/parser.ts", "  src/print.ts");
  terminal.type("pa\t and\r");
  await terminal.until('asked "read @src/parser.ts  and now"');
});

test("a request that is recalled opens no list, and the arrows go on through what was typed", async () => {
  const terminal = await startWithFiles();
  terminal.type("one\r");
  await terminal.prompted(1);
  terminal.type("/usage\r");
  await terminal.prompted(2);
  terminal.type(UP);
  await below(terminal, "› /usage");
  terminal.type(UP);
  await below(terminal, "› one");
});

test("no secret is offered, and wide names keep their columns", async () => {
  const terminal = await startWithFiles({ columns: 24, rows: 9 });
  terminal.type("漢 @");
  await below(terminal, "› 漢 @", "  src/", "  漢字.md", "  … 2 more");
  terminal.type(".env");
  await below(terminal, "› 漢 @.env");
});

test("during a turn the list is below what is typed, and Esc closes it before it stops the turn", async () => {
  const terminal = await startWithFiles();
  terminal.type("stream\r");
  await terminal.until("word9");
  terminal.type("/");
  await terminal.until((lines) => lines.includes("› /") && lines.at(-1) === "  /quit   leave");
  terminal.type("mo");
  await below(terminal, "› /mo", "  /model  show or change the model");
  terminal.type(ESCAPE);
  await below(terminal, "› /mo");
  terminal.type("\t");
  await below(terminal, "› /model");
  expect(terminal.lines()).not.toContain("stopped");
  terminal.type(`z\r${ESCAPE}`);
  await terminal.until("stopped");
  expect(terminal.lines()).toContain("Not run: /model z. Up brings it back.");
});

test("the list fits a screen that becomes narrow and low, and leaves nothing there", async () => {
  const terminal = await startWithFiles({ columns: 60, rows: 20 });
  terminal.type("/");
  await terminal.until("  /quit   leave");
  await terminal.redrawnAt(30, 12);
  await below(
    terminal,
    "› /",
    "  /help   this list",
    "  /model  show or change th…",
    "  /usage  what the session …",
    "  … 2 more",
  );
  terminal.type("mod");
  await below(terminal, "› /mod", "  /model  show or change th…");
  expect(terminal.page().join("\n")).not.toMatch(/\/help|› \/$/m);
});

test("a dumb terminal is shown no list, and Tab takes the likeliest", async () => {
  const terminal = await startWithFiles({ env: { TERM: "dumb" } });
  terminal.type("read @pars\t");
  await terminal.until("› read @src/parser.ts");
  terminal.type("now\r");
  await terminal.until('asked "read @src/parser.ts now"');
});
