import { expect, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";

/** What is written when a question comes, to a terminal of that kind. */
async function rungIn(env: Record<string, string>, request = "push") {
  const terminal = startOnScreen([], { agent: "asking-agent", env });
  await terminal.prompted(0);
  terminal.type(`${request}\r`);
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
  return terminal.drawn();
}

const NOTICE = "\x1b]9;";

test.each([
  { TERM_PROGRAM: "iTerm.app" },
  { TERM_PROGRAM: "WezTerm" },
  { TERM_PROGRAM: "ghostty" },
  { TERM: "xterm-kitty" },
])("a question is a notice on the desktop, beside the bell: %j", async (env) => {
  expect(await rungIn(env)).toContain(`\x07${NOTICE}Eightfold asks: run a command\x1b\\`);
});

test.each<Record<string, string>>([
  {},
  { TERM_PROGRAM: "Apple_Terminal" },
  { WT_SESSION: "1" },
  { TERM_PROGRAM: "vscode" },
  { TERM_PROGRAM: "WezTerm", TMUX: "/tmp/tmux-0/default,1,0" },
  { TERM: "screen", TERM_PROGRAM: "ghostty", STY: "1.x" },
])("it is the bell alone where that could be rubbish: %j", async (env) => {
  const drawn = await rungIn(env);
  expect(drawn).toContain("\x07");
  expect(drawn).not.toContain(NOTICE);
});

test("the words of a notice cannot end it", async () => {
  const [, notice = ""] = (await rungIn({ TERM: "xterm-kitty" }, "hostile")).split(NOTICE);
  expect(notice.slice(0, notice.indexOf("\x1b"))).toBe(String.raw`Eightfold asks: run \x1b[2J`);
});
