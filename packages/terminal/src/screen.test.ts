import { expect, test } from "vitest";
import { startOnScreen } from "../test/fixtures/emulator.ts";
import { noticeOf } from "./screen.ts";

/** What is written when a question comes, to a terminal of that kind. */
async function rungIn(env: Record<string, string>, request = "push") {
  const terminal = startOnScreen([], { agent: "asking-agent", env });
  await terminal.prompted(0);
  terminal.type(`${request}\r`);
  await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
  return terminal.drawn();
}

const NOTICE = "\x1b]9;";

test("a question is a notice on the desktop, beside the bell", async () => {
  const drawn = await rungIn({ TERM: "xterm-kitty" });
  expect(drawn).toContain(`\x07${NOTICE}Eightfold asks: run a command\x1b\\`);
});

test("it is the bell alone in a terminal that is not known", async () => {
  const drawn = await rungIn({});
  expect(drawn).toContain("\x07");
  expect(drawn).not.toContain(NOTICE);
});

test.each([
  { TERM_PROGRAM: "iTerm.app" },
  { TERM_PROGRAM: "WezTerm" },
  { TERM_PROGRAM: "ghostty" },
  { TERM: "xterm-kitty" },
])("a notice is for a terminal that is known to show it: %j", (env) => {
  expect(noticeOf("It asks.", env)).toBe(`${NOTICE}It asks.\x1b\\`);
});

test.each<Record<string, string>>([
  { TERM: "xterm-256color" },
  { TERM_PROGRAM: "Apple_Terminal" },
  { WT_SESSION: "1" },
  { TERM_PROGRAM: "vscode" },
  { TERM_PROGRAM: "WezTerm", TMUX: "/tmp/tmux-0/default,1,0" },
  { TERM: "screen", TERM_PROGRAM: "ghostty", STY: "1.x" },
])("there is none where that could be rubbish: %j", (env) => {
  expect(noticeOf("It asks.", env)).toBe("");
});

test("the words of a notice cannot end it", async () => {
  const [, notice = ""] = (await rungIn({ TERM: "xterm-kitty" }, "hostile")).split(NOTICE);
  expect(notice.slice(0, notice.indexOf("\x1b"))).toBe(String.raw`Eightfold asks: run \x1b[2J`);
});
