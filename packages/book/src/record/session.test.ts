import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runSession } from "./session.ts";

test("an agent's prompt is answered with what is typed there, and the conversation ends", async () => {
  const home = await mkdtemp(join(tmpdir(), "book-session-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const main = join(import.meta.dirname, "../../../phase-cli/src/main.js");
  const env = { PATH: process.env.PATH ?? "", HOME: home, TERM: "xterm-256color", EIGHTFOLD_MODEL: "demo" };
  const agent = `"${process.execPath}" "${main}" 1 start`;
  const { lines, questions } = await runSession(agent, ["My name is Ada."], home, env);
  const shown = lines.map((line) => line.map(({ text }) => text).join(""));
  expect(shown).toContain("› My name is Ada.");
  expect(shown.slice(shown.indexOf("› My name is Ada.") + 1).join("")).not.toBe("");
  expect(questions).toEqual([]);
}, 150_000);
