import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { howToResume, lastExchanges } from "../src/session-commands.ts";
import { assistant, begin, emptyFolder, result, user } from "./session-folder.ts";

test.each(["/tmp/a", "/tmp/it's a $HOME; folder"])(
  "the line that goes on with a session in %j can be pasted into a shell",
  async (root) => {
    const session = await begin(await emptyFolder());
    const [, line = ""] = /```\n(.*)\n```/.exec(howToResume(session, root)) ?? [];
    const words = execFileSync("bash", ["-c", `pnpm() { printf '%s\\n' "$@"; }; ${line}`], {
      encoding: "utf8",
    });
    const repository = resolve(import.meta.dirname, "../../..");
    const phase = ["phase", "8", "start", "--cwd", root, "--resume", session.id];
    expect(words.trimEnd().split("\n")).toEqual(["-C", repository, ...phase]);
  },
);

test("who comes back to a session is shown the last two exchanges", () => {
  const log = [
    user("one"),
    assistant("First."),
    user("two\nlines"),
    assistant("Let me look.", "a"),
    result("a"),
    assistant("Second."),
    user("[The session goes on.]"),
    user("three"),
    assistant("", "b"),
    result("b"),
    assistant("Third."),
    user("never answered"),
    assistant(""),
  ];
  expect(lastExchanges(log)).toBe("> two\n> lines\n\nSecond.\n\n> three\n\nThird.");
  expect(lastExchanges([])).toBe("");
  expect(lastExchanges([user("x".repeat(9_000)), assistant("y".repeat(90_000))]).length).toBeLessThan(5_200);
});
