import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inspect } from "./inspect.ts";
import { repoRoot } from "./phases.ts";

const trace = join(repoRoot, "docs/traces/5-fix.jsonl");
const folder = mkdtempSync(join(tmpdir(), "eightfold-inspect-"));

test.for([
  ["no file", [], /^Which trace\?/],
  ["two files", [trace, trace], /^Which trace\?/],
  [
    "a file that is not there",
    ["nowhere.jsonl"],
    /^nowhere.jsonl cannot be read: no such file or directory\.$/,
  ],
  ["a file that is no trace", [join(repoRoot, "package.json")], /is not a trace that --trace wrote\.$/],
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

test("a trace that was cut in its second line is one", async () => {
  const cut = join(folder, "cut.jsonl");
  writeFileSync(cut, readFileSync(trace, "utf8").slice(0, 150));
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await inspect([cut, "--har", join(folder, "cut.har")]);
  said.mockRestore();
  expect(JSON.parse(readFileSync(join(folder, "cut.har"), "utf8")).log.entries).toEqual([]);
});
