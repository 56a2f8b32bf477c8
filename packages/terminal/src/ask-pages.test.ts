import { expect, test } from "vitest";
import { askedOnce, seeAll, showsMore } from "../test/fixtures/asked.ts";
import { startOnScreen } from "../test/fixtures/emulator.ts";

const agent = "asking-agent";

const sizes = [
  [80, 24],
  [40, 20],
] as const;

test.each(sizes)("at %i×%i, 3,000 blanks hide nothing: they are a count", async (columns, rows) => {
  const terminal = await askedOnce("blanks", { columns, rows });
  expect(terminal.lines().join("")).toContain("touch PWNED; true[3,000 × blank]ls");
  expect(terminal.lines().join("\n")).not.toContain("shows more");
});

test.each(sizes)(
  "at %i×%i, a question taller than the screen takes no y before its last row",
  async (columns, rows) => {
    const terminal = await askedOnce("comments", { columns, rows });
    expect(terminal.lines()).toContain("? run a command");
    expect(showsMore(terminal)).toBe(true);
    for (let page = 1; showsMore(terminal); page++) {
      const seen = terminal.page().length;
      terminal.type("y\r");
      await terminal.until((lines) => terminal.page().length > seen && !!lines.at(-1)?.endsWith("say why:"));
      expect(page).toBeLessThan(10);
    }
    expect(terminal.page().join("\n")).not.toContain("allowed");
    expect(terminal.page().filter((line) => line === "  > # nothing to see here")).toHaveLength(60);
    expect(terminal.lines().slice(-2).join(" ")).toContain("64 rows · y once ·");
    terminal.type("y\r");
    await terminal.until('[{"type":"once"}]');
  },
);

test("400 changed lines are all seen before they are agreed to", async () => {
  const terminal = await askedOnce("many", { rows: 100 }); // each page takes a while, so that nobody agrees by mistake
  await seeAll(terminal);
  expect(terminal.page().filter((line) => /^ +\d+ [−+] (?:old|new)$/.test(line))).toHaveLength(800);
  expect(terminal.lines().at(-1)).toBe("  802 rows · y once · n no, or say why:");
});

test("a reason ends a long question on its first page", async () => {
  const terminal = await askedOnce("many");
  terminal.type("use another file\r");
  await terminal.until('[{"type":"no","why":"use another file"}]');
});

test("Ctrl-C on the first page of a long question is a no", async () => {
  const terminal = await askedOnce("many");
  terminal.type("\x03");
  expect(await terminal.exitCode).toBe(130);
});

test("what cannot be shown whole is not allowed, and the model is told", async () => {
  const terminal = startOnScreen(["huge"], { agent });
  await terminal.until("  not allowed: it is too long to be shown whole. Do it in smaller steps");
  expect(await terminal.exitCode).toBe(0);
});

test("a name that turns the text around is shown with the numbers of its characters", async () => {
  const terminal = await askedOnce("name");
  expect(terminal.lines().slice(-4)).toEqual([
    "? change a\\u202ecod.exe\\u2069\\ufe0f",
    "  \\u200bone\\xa0two",
    "  changes a\\u202ecod.exe\\u2069",
    "  y once · n no, or say why:",
  ]);
});
