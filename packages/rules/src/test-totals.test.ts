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
  testResults: [{ status: "passed", assertionResults: statuses.map((status) => ({ status })) }],
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
  expect(testTotals(root)).toEqual({ passed: 5, failed: 1, skipped: 3 });
});

test("a package whose results are missing is a failure", () => {
  const root = repo({ "packages/core/package.json": manifest });
  expect(testTotals(root)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a test file that fails before its first test is a failure", () => {
  const broken = { testResults: [{ status: "failed", assertionResults: [] }] };
  const root = repo({ "packages/core/package.json": manifest, "packages/core/.results/quick.json": broken });
  expect(testTotals(root)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
