import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Start, startOnScreen } from "./fixtures/emulator.ts";

const UP = "\x1b[A";
const LEFT = "\x1b[D";
const ESCAPE = "\x1b";
const CTRL_C = "\x03";
const CTRL_D = "\x04";

/** A turn that goes on for as long as nobody ends it. */
async function duringATurn(request = "first", start: Start = {}) {
  const folder = mkdtempSync(join(tmpdir(), "meanwhile-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env = { HEARD: join(folder, "heard") };
  const terminal = startOnScreen([], { agent: "meanwhile-agent", ...start, env });
  await terminal.prompted(0);
  terminal.type(`${request}\r`);
  await terminal.until(() => terminal.page().join().includes("w2;"));
  const heard = (): string[] =>
    readFileSync(env.HEARD, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return { ...terminal, heard };
}

test("what is typed during a turn is in the last row, below what streams, and is taken at the next step", async () => {
  const terminal = await duringATurn();
  terminal.type("and then");
  await terminal.until((lines) => lines.at(-1) === "› and then");
  terminal.type(` this${LEFT}${LEFT}${LEFT}${LEFT}about `);
  await terminal.until((lines) => lines.at(-1) === "› and then about this");
  terminal.type("\r");
  const page = () => terminal.page().join("\n");
  await terminal.until(() => /• bash true →\n\n› and then about this\n\nw\d/.test(page()));
  expect(terminal.heard()).toEqual(["first", "and then about this"]);
  expect(page()).not.toContain("waits");
  expect(terminal.drawn()).toContain("  waits: and then about this"); // until the step was over
});

test("Up takes a waiting request back to edit, before what is being typed", async () => {
  const terminal = await duringATurn();
  terminal.type(`one\rtwo\rthr${UP}${UP}${UP}`);
  await terminal.until((lines) => lines.slice(-3).join("|") === "› one|  two|  thr");
  terminal.type("ee.\r/usage\rlast.\r");
  await terminal.prompted(4);
  expect(terminal.heard()).toEqual(["first", "one\ntwo\nthree.", "last."]);
});

test("Ctrl-D says what it will do, another key takes it back, and it leaves when the turn ends", async () => {
  const terminal = await duringATurn();
  terminal.type(CTRL_D);
  await terminal.until("› Ctrl-D: leaves when the turn ends; any key stays");
  terminal.type("x");
  await terminal.until((lines) => lines.at(-1) === "› x");
  const before = terminal.drawn().length;
  terminal.type(`.\r${CTRL_D}`);
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.drawn().slice(before)).toContain("leaves when");
  expect(terminal.heard().at(-1)).toBe("x.");
});

test("a question in the middle leaves what is typed alone, and has a prompt of its own", async () => {
  const terminal = await duringATurn();
  terminal.type("?\rhalf");
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
  expect(terminal.lines().slice(-4)).toEqual([
    "? run a command",
    "  $ git push",
    "  It pushes.",
    "  y once · n no, or say why:",
  ]);
  terminal.type("y\r");
  await terminal.until((lines) => lines.at(-1) === "› half" && terminal.page().includes("  allowed once"));
  terminal.type(".\r");
  await terminal.prompted(3);
  expect(terminal.heard()).toEqual(["first", "?", "half."]);
});

test("on a narrow screen a long request takes several rows, which are all gone when it has been taken", async () => {
  const terminal = await duringATurn("first", { columns: 24, rows: 12 });
  terminal.type("漢字".repeat(12));
  await terminal.until((lines) => lines.slice(-3).join("").replace(/[› ]/g, "") === "漢字".repeat(12));
  terminal.resize(16, 9);
  terminal.type(" end");
  await terminal.until((lines) => lines.at(-1)?.endsWith("end") ?? false);
  terminal.type(".\r");
  const taken = () => terminal.page().join("").includes("漢字".repeat(12));
  await terminal.until((lines) => taken() && lines.at(-1) === "›");
  expect(terminal.heard()).toEqual(["first", `${"漢字".repeat(12)} end.`]);
  expect(terminal.page().join("").split("漢字".repeat(12))).toHaveLength(2);
});

test.each([
  ["Esc", ESCAPE],
  ["Ctrl-C", CTRL_C],
])("%s stops the turn, and what was typed is one request that is not sent", async (_, key) => {
  const terminal = await duringATurn();
  terminal.type(`one\rtwo\r${key}`);
  await terminal.until((lines) => lines.slice(-4).join("|") === "stopped||› one|  two");
  terminal.type(" and three.\r");
  await terminal.prompted(2);
  expect(terminal.heard()).toEqual(["first", "one\ntwo and three."]);
});

test.each([
  ["Esc", ESCAPE],
  ["Ctrl-C", CTRL_C],
])("commands that wait when %s stops the turn are not run by the Enter of a request", async (_, key) => {
  const terminal = await duringATurn();
  terminal.type("!touch x\rone\r");
  await terminal.until("waits: one");
  terminal.type(`/usage\r!l${key}`);
  await terminal.until((lines) => lines.slice(-3).join("|") === "stopped||› one");
  expect(terminal.lines()).toContain("Not run: !touch x · /usage · !l. Up brings it back.");
  terminal.type(` two.\r`);
  await terminal.prompted(2);
  expect(terminal.heard()).toEqual(["first", "one two."]);
  for (const command of ["one two.", "!l", "/usage", "!touch x"]) {
    terminal.type(UP);
    await terminal.until((lines) => lines.at(-1) === `› ${command}`);
  }
});

test("a command in the making is kept when the turn is stopped", async () => {
  const terminal = await duringATurn();
  terminal.type(`!echo 1${ESCAPE}`);
  await terminal.until((lines) => lines.slice(-3).join("|") === "stopped||› !echo 1");
  terminal.type("2\r");
  await terminal.until("• ! echo 12");
});

test("a ! alone is told what it is for, and nothing is sent", async () => {
  const terminal = await duringATurn();
  terminal.type(".\r ! \r");
  await terminal.until("! runs the command behind it: !git status.");
  await terminal.prompted(3);
  expect(terminal.heard()).toEqual(["first", "."]);
});
