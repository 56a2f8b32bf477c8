import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { howToResume } from "../src/session-commands.ts";
import { begin, emptyFolder } from "./session-folder.ts";

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

test("eightfold is gone on with by its own name, from any folder", async () => {
  vi.stubEnv("EIGHTFOLD_PROGRAM", "eightfold");
  const session = await begin(await emptyFolder());
  expect(howToResume(session, "/tmp/a b")).toContain(`\neightfold --cwd '/tmp/a b' --resume ${session.id}\n`);
  vi.unstubAllEnvs();
});
