import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Adds up the results that each package's tests left in its `.results`, the repo's own tests included. A package
 * that has tests and left none counts as one failure, and so does a file that fails before its first test.
 */
export function testTotals(root: string): Totals {
  const packages = globSync("{.,packages/*,phases/*,docs}/package.json", { cwd: root })
    .map((path) => join(root, path))
    .filter((path) => JSON.parse(readFileSync(path, "utf8")).scripts?.test)
    .map(dirname);
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of packages.flatMap(outcomes)) sum[outcome] += 1;
  return sum;
}

function outcomes(folder: string): (keyof Totals)[] {
  const file = join(folder, ".results/tests.json");
  if (!existsSync(file)) {
    process.stderr.write(`${folder} left no test results.\n`);
    return ["failed"];
  }
  const { testResults }: Report = JSON.parse(readFileSync(file, "utf8"));
  return testResults.flatMap(({ status, assertionResults }) => {
    if (status === "failed" && assertionResults.length === 0) return ["failed"];
    return assertionResults.map((test) => outcomeOf(test.status));
  });
}

function outcomeOf(status: string): keyof Totals {
  if (status === "passed" || status === "failed") return status;
  return "skipped";
}

if (import.meta.main) {
  const { passed, failed, skipped } = testTotals(join(import.meta.dirname, ".."));
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
