import { expect, test } from "vitest";
import { type Emulator, startOnScreen } from "../test/fixtures/emulator.ts";

const HOME = "\x1b[H";
const LEFT = "\x1b[D";

const banner = ["Eightfold · phase 6, prompt", expect.stringMatching(/^model/), "folder  /tmp/project", ""];

/** The line as it is on the screen, put together from its rows. */
function shownLine(terminal: Emulator, columns: number): string {
  const page = terminal.page();
  const start = page.findIndex((line) => line.startsWith("›"));
  return page
    .slice(start)
    .map((row, index, rows) => (index < rows.length - 1 ? row.padEnd(columns) : row))
    .join("");
}

const request = "a request that is long enough to take several rows of a narrow window and two of a wide one";

test.each([
  ["most terminals", {}],
  ["the terminal of VS Code", { TERM_PROGRAM: "vscode" }],
] as [string, Record<string, string>][])(
  "in %s, a window that changes its size has one prompt, and eats nothing above it",
  async (_, env) => {
    const terminal = startOnScreen([], { columns: 80, rows: 24, env });
    await terminal.prompted(0);
    terminal.type(request);
    await terminal.until("wide one");
    for (const columns of [44, 70, 25, 120, 33, 80]) {
      await terminal.redrawnAt(columns, 24);
      await terminal.until(() => shownLine(terminal, columns) === `› ${request}`);
      expect(terminal.page().filter((line) => line.startsWith("›"))).toHaveLength(1);
    }
    expect(terminal.page().slice(0, 4)).toEqual(banner);
    terminal.type("\r");
    await terminal.until("cost unknown");
  },
);

test("a line that fills the rows of a narrower window exactly eats nothing above it", async () => {
  const terminal = startOnScreen([], { columns: 80, rows: 24 });
  await terminal.prompted(0);
  const typed = "x".repeat(38);
  terminal.type(typed);
  await terminal.until(typed);
  for (const columns of [40, 20, 10, 80]) {
    await terminal.redrawnAt(columns, 24);
    await terminal.until(() => shownLine(terminal, columns) === `› ${typed}`);
  }
  expect(terminal.page().slice(0, 4)).toEqual(banner);
});

test("a window that changes its size while the cursor is in the middle leaves it there", async () => {
  const terminal = startOnScreen([], { columns: 80, rows: 24, env: { TERM_PROGRAM: "vscode" } });
  await terminal.prompted(0);
  terminal.type(`${request}${LEFT.repeat(8)}`);
  await terminal.until(() => terminal.cursor().column === request.length + 2 - 8 - 80);
  for (const columns of [40, 100, 30]) {
    await terminal.redrawnAt(columns, 24);
    await terminal.until(() => shownLine(terminal, columns) === `› ${request}`);
    await terminal.until(() => terminal.cursor().column === (request.length + 2 - 8) % columns);
  }
  terminal.type("very \r");
  await terminal.until("very wide one");
});

test("a line is drawn again only for what changes it", async () => {
  const terminal = startOnScreen([], { columns: 80, rows: 24 });
  await terminal.prompted(0);
  terminal.type("two words");
  await terminal.until("› two words");
  const before = terminal.drawn().length;
  terminal.type(`${HOME}${HOME}${HOME}in `);
  await terminal.until("› in two words");
  expect(terminal.drawn().slice(before).split("two words")).toHaveLength(3); // for the first of the three, and for the letters
});

test.each(["1️⃣", "👍🏽", "❤️", "👨‍👩‍👧", "🇩🇪"])(
  "rows of %s, which terminals take for more columns or fewer, are drawn again in their place",
  async (emoji) => {
    const terminal = startOnScreen([], { columns: 40, rows: 24 });
    await terminal.prompted(0);
    const above = terminal.page().slice(0, -1);
    terminal.type(emoji.repeat(50));
    await terminal.until(() => terminal.page().join("").split(emoji).length === 51);
    terminal.type(`${LEFT}${LEFT}|${LEFT}`);
    await terminal.until(() =>
      terminal
        .page()
        .join("")
        .endsWith(`${emoji}|${emoji.repeat(2)}`),
    );
    terminal.type("\x7f\x7f");
    await terminal.until(() => terminal.page().join("").split(emoji).length === 49);
    expect(terminal.page().slice(0, above.length)).toEqual(above);
    expect(terminal.page().filter((line) => line.startsWith("›"))).toHaveLength(1);
  },
);

test("a line at the top of the screen that is drawn again leaves no copies of itself in what tmux has scrolled away", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("\x0cone");
  await terminal.until((lines) => lines[0] === "› one");
  const before = terminal.drawn().length;
  terminal.type(`${LEFT}${LEFT}X`);
  await terminal.until((lines) => lines[0] === "› oXne");
  // tmux keeps what is cleared from the first place of its screen, which xterm.js does not
  const [drawn = "", ...cleared] = terminal.drawn().slice(before).split("\x1b[J");
  expect(cleared).not.toEqual([]);
  expect(drawn.endsWith("\x1b[C")).toBe(true);
});

test("a resize while choices are shown below the prompt leaves nothing of them", async () => {
  const terminal = startOnScreen([], { columns: 80, rows: 24 });
  await terminal.prompted(0);
  terminal.type("/");
  await terminal.until("  /quit   leave");
  await terminal.redrawnAt(28, 24);
  terminal.type("x");
  await terminal.until((lines) => lines.slice(-2).join("|") === "› /x|  /exit  leave (so does C…");
  expect(terminal.page().filter((line) => /^›|^ {2}\//.test(line))).toHaveLength(2);
});

test("a line that fills its row exactly, and one more, is drawn in its place", async () => {
  const terminal = startOnScreen([], { columns: 20, rows: 24 });
  await terminal.prompted(0);
  for (const character of "abcdefghijklmnopqr") terminal.type(character);
  await terminal.until("› abcdefghijklmnopqr");
  await terminal.until(() => terminal.cursor().column === 0);
  terminal.type(`s${LEFT}${LEFT}`);
  await terminal.until(() => terminal.cursor().column === 19);
  terminal.type("X");
  await terminal.until(() => shownLine(terminal, 20) === "› abcdefghijklmnopqXrs");
  await terminal.until(() => terminal.cursor().column === 0);
  expect(terminal.page().filter((line) => line.startsWith("›"))).toHaveLength(1);
});

test("of a line that is taller than the screen, what is around the cursor is shown, and all of it is sent", async () => {
  const terminal = startOnScreen([], { columns: 20, rows: 6 });
  await terminal.prompted(0);
  const long = Array.from({ length: 40 }, (_, n) => `word${n}`).join(" ");
  for (const word of long.split(/(?<= )/)) terminal.type(word);
  await terminal.until((lines) => lines.join("").includes("word39"));
  expect(terminal.page().filter((line) => line.startsWith("›"))).toHaveLength(1);
  terminal.type(HOME);
  await terminal.until("› word0 word1");
  expect(terminal.page().filter((line) => line.startsWith("›"))).toHaveLength(1);
  terminal.type("\r");
  await terminal.until(() => terminal.page().some((line) => line.includes('word39"'))); // the whole answer, scrolled or not
  terminal.resize(400, 30);
  await terminal.until("cost unknown");
});
