import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { phase } from "../test/temporary-repo.ts";
import { inspect } from "./inspect.ts";
import { repoRoot } from "./phases.ts";

const trace = join(repoRoot, "docs/traces/5-fix.jsonl");
const folder = mkdtempSync(join(tmpdir(), "eightfold-inspect-"));

const laterTrace = join(folder, "later.jsonl");
writeFileSync(laterTrace, readFileSync(trace, "utf8").replace('"version":1', '"version":2'));

test.for([
  ["no file", [], /^Which trace\?/],
  ["two files", [trace, trace], /^Which trace\?/],
  [
    "a file that is not there",
    ["nowhere.jsonl"],
    /^nowhere.jsonl cannot be read: no such file or directory\.$/,
  ],
  ["a file that is no trace", [join(repoRoot, "package.json")], /is not a trace that --trace wrote\.$/],
  [
    "a trace of a later version",
    [laterTrace],
    /is a trace of version 2\. This Eightfold reads version 1: update it\.$/,
  ],
  ["a flag that there is not", [trace, "--pdf", "x"], /Unknown option/],
  [
    "a folder that is not there",
    [trace, "--html", join(folder, "no/out.html")],
    /^Nothing can be written to /,
  ],
] as const)("%s is told in a line, with exit code 2", async ([, words, message]) => {
  await expect(inspect(words)).rejects.toMatchObject({
    message: expect.stringMatching(message),
    exitCode: 2,
  });
});

test("a trace becomes one file with the page, and an HTTP archive", async () => {
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const [html, har] = [join(folder, "out.html"), join(folder, "out.har")];
  await inspect([trace, "--html", html, "--har", har]);
  const lines = said.mock.calls.map(([line]) => line);
  said.mockRestore();
  expect(lines).toEqual([`${har}: 9 requests\n`, `${html}: 9 requests\n`]);
  expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>/);
  expect(JSON.parse(readFileSync(har, "utf8")).log.version).toBe("1.2");
});

test("a trace that was cut in its second line is one, and it is said that a line is lost", async () => {
  const cut = join(folder, "cut.jsonl");
  writeFileSync(cut, readFileSync(trace, "utf8").slice(0, 150));
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await inspect([cut, "--har", join(folder, "cut.har")]);
  expect(said.mock.lastCall?.[0]).toMatch(/: 0 requests; lines that cannot be read, and are left out: 1\n$/);
  said.mockRestore();
  expect(JSON.parse(readFileSync(join(folder, "cut.har"), "utf8")).log.entries).toEqual([]);
});

test("--inspect keeps the last 20 traces, and leaves other files alone", () => {
  const state = mkdtempSync(join(tmpdir(), "eightfold-state-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const traces = join(state, "eightfold/traces");
  mkdirSync(traces, { recursive: true });
  const days = Array.from({ length: 20 }, (_, index) => `2026-10-${index + 10}T00-00-00-000Z-phase-5.jsonl`);
  for (const name of [...days, "mine.jsonl"]) writeFileSync(join(traces, name), "");
  const { code, stderr } = phase(repoRoot, ["1", "start", "--inspect", "--model=demo", "hello"], {
    XDG_STATE_HOME: state,
  });
  expect(code).toBe(0);
  const [, kept = ""] = /Open it again: pnpm phase inspect .*traces\/(\S+)/.exec(stderr) ?? [];
  expect(readdirSync(traces).sort()).toEqual([...days.slice(1), kept, "mine.jsonl"]);
});

test.skipIf(process.platform !== "linux")("--inspect where no folder can be made says so, and ends", () => {
  const { code, stderr } = phase(repoRoot, ["1", "start", "--inspect", "--model=demo", "hello"], {
    XDG_STATE_HOME: "/proc/nowhere",
  });
  expect([code, stderr]).toEqual([
    2,
    "Nothing can be written to /proc/nowhere/eightfold/traces: no folder can be made in /proc.\n",
  ]);
});
