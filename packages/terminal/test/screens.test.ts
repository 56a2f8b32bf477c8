import { expect, test } from "vitest";
import { startOnScreen } from "./fixtures/emulator.ts";

/** What the screen holds, with all that was scrolled away, after the requests. */
async function pageAfter(requests: readonly string[], columns: number, rows: number): Promise<string[]> {
  const terminal = startOnScreen([], { columns, rows });
  await terminal.prompted(0);
  for (const [index, request] of requests.entries()) {
    terminal.type(`${request}\r`);
    await terminal.prompted(index + 1);
  }
  const page = terminal.page();
  return page.slice(page.findIndex((line) => line.startsWith("›")));
}

test("an answer at 80×24", async () => {
  expect(await pageAfter(["markdown"], 80, 24)).toEqual([
    "› markdown",
    "",
    "What I found",
    "",
    "The parser in src/parse.ts forgets the last ingredient when a line ends without",
    "a newline.",
    "",
    "1. Read src/parse.ts",
    "2. Change the loop:",
    "     js",
    "     for (const line of lines) {",
    "       items.push(parse(line));",
    "     }",
    "",
    "File                Lines  Note",
    "──────────────────  ─────  ────",
    "src/parse.js           40  漢字",
    "test/parse.test.js      7  new",
    "",
    "│ Nothing else changed.",
    "",
    "usage unknown · N s",
    "",
    "›",
  ]);
});

test("an answer at 40×20", async () => {
  expect((await pageAfter(["markdown"], 40, 20)).slice(0, 10)).toEqual([
    "› markdown",
    "",
    "What I found",
    "",
    "The parser in src/parse.ts forgets the",
    "last ingredient when a line ends",
    "without a newline.",
    "",
    "1. Read src/parse.ts",
    "2. Change the loop:",
  ]);
});

const workAt80 = [
  "› work",
  "",
  "thinking: Planning · 3 lines, Ctrl-O",
  "",
  "Let me look.",
  "",
  "• read src/parse.js 40 of 312 lines",
  "• edit src/parse.js +2 −1",
  "   8   function parse(text) {",
  '   9 −   return text.split(",");',
  '   9 +   const parts = text.split(",");',
  '  10 +   return parts.map((part) => part.trim()).filter((part) => part !== "");',
  "  11   }",
  "  12",
  "  13   export default parse;",
  "• edit src/gone.js → src/gone.js does not exist.",
  "• bash npm test → exit 1, N s",
  "",
  "It is fixed.",
  "",
  "2.2k in · 50 out · cost unknown · N s",
  "",
];

test("tools, an edit and usage at 80×24, and the totals", async () => {
  expect(await pageAfter(["work", "/usage"], 80, 24)).toEqual([
    ...workAt80,
    "› /usage",
    "",
    "this session",
    "──────────────────  ───────",
    "replies                   2",
    "input tokens          2,200",
    "of these cached     unknown",
    "output tokens            50",
    "of these reasoning  unknown",
    "cost                unknown",
    "time                  N s",
    "",
    "›",
  ]);
});

test("tools, an edit and usage at 40×20", async () => {
  expect(await pageAfter(["work"], 40, 20)).toEqual([
    ...workAt80.slice(0, 11),
    "  10 +   return parts.map((part) =>",
    "       part.trim()).filter((part) =>",
    '       part !== "");',
    ...workAt80.slice(12, 15),
    "• edit src/gone.js",
    "  → src/gone.js does not exist.",
    ...workAt80.slice(16),
    "›",
  ]);
});

test("a window that becomes narrower while an answer streams is right from the next words on", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("resize\r");
  await terminal.until("Those that");
  terminal.resize(40, 20);
  await terminal.prompted(1);
  const lines = terminal.lines();
  expect(lines.slice(lines.indexOf("› resize"), -3)).toEqual([
    "› resize",
    "",
    "These words were written while the windo",
    "w was wide.",
    "Those that come after it has changed",
    "fit the new one, line by line, until",
    "the answer ends.",
    "",
  ]);
});

test("control characters of a model and of a tool are shown, never obeyed", async () => {
  const page = await pageAfter(["hostile"], 80, 24);
  expect(page.slice(2, -4)).toEqual([
    "a\\x1b[2J b\\x07",
    "\\u202e| c |\\x9b1m",
    "",
    "• run\\x1b[2J echo \\x1b]0;title\\x07 → \\x1b[31m",
  ]);
});

test("with NO_COLOR nothing is painted, and code and headings keep their marks", async () => {
  const terminal = startOnScreen([], { env: { NO_COLOR: "1" } });
  await terminal.prompted(0);
  terminal.type("markdown\r");
  await terminal.prompted(1);
  expect(terminal.page()).toContain("## What I found");
  expect(terminal.page()).toContain("1. Read `src/parse.ts`");
  expect(
    terminal
      .drawn()
      .split("\x1b")
      .filter((part) => /^\[[\d;]*m/.test(part)),
  ).toEqual([]);
});
