import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { testTotals } from "./test-totals.ts";

function repo(files: Record<string, unknown>): string {
  const root = mkdtempSync(join(tmpdir(), "eightfold-totals-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(content));
  }
  return root;
}

const manifest = { scripts: { test: "vitest run --mode quick" } };
const report = (...statuses: string[]) => ({
  testResults: [
    { name: "some.test.ts", status: "passed", assertionResults: statuses.map((status) => ({ status })) },
  ],
});

test("the totals are those of all packages, phases and the repo together", () => {
  const root = repo({
    "package.json": manifest,
    ".results/quick.json": report("passed", "failed"),
    "packages/core/package.json": manifest,
    "packages/core/.results/quick.json": report("passed", "passed", "pending"),
    "phases/1-chat-loop/package.json": manifest,
    "phases/1-chat-loop/.results/quick.json": report("passed", "todo", "skipped"),
    "packages/no-tests/package.json": {},
    "packages/long/package.json": { scripts: { "test:long": "vitest run --mode long" } },
    "packages/long/.results/long.json": report("passed"),
  });
  expect(testTotals(root)).toMatchObject({ passed: 5, failed: 1, skipped: 3 });
});

test("a package whose results are missing is a failure", () => {
  const root = repo({ "packages/core/package.json": manifest });
  const failures = ["packages/core/.results/quick.json: there are no test results"];
  expect(testTotals(root)).toEqual({ passed: 0, failed: 1, skipped: 0, failures });
});

test("a test file that fails before its first test is a failure", () => {
  const root = repo({ "packages/core/package.json": manifest });
  const name = join(root, "packages/core/src/loop.test.ts");
  const broken = {
    testResults: [{ name, status: "failed", message: "no such module", assertionResults: [] }],
  };
  mkdirSync(join(root, "packages/core/.results"));
  writeFileSync(join(root, "packages/core/.results/quick.json"), JSON.stringify(broken));
  const failures = ["packages/core/src/loop.test.ts\n  no such module"];
  expect(testTotals(root)).toEqual({ passed: 0, failed: 1, skipped: 0, failures });
});

test("a failure is named, with the beginning of its reason", () => {
  const root = repo({ "packages/core/package.json": manifest });
  const name = join(root, "packages/core/src/loop.test.ts");
  const failureMessages = [Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n")];
  const assertionResults = [{ fullName: "the loop ends", status: "failed", failureMessages }];
  mkdirSync(join(root, "packages/core/.results"));
  const failed = { testResults: [{ name, status: "failed", assertionResults }] };
  writeFileSync(join(root, "packages/core/.results/quick.json"), JSON.stringify(failed));
  const [failure] = testTotals(root).failures;
  expect(failure).toMatch(/^packages\/core\/src\/loop\.test\.ts > the loop ends\n {2}line 0\n/);
  expect(failure?.split("\n")).toHaveLength(31);
});
