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
 * Adds up the results that each package's tests left in its `.results`, the repo's own tests included. Results that
 * are missing count as one failure, and so does a file that fails before its first test.
 */
export function testTotals(root: string): Totals {
  const packages = globSync("{.,packages/*,phases/*,docs}/package.json", { cwd: root }).map((path) =>
    join(root, path),
  );
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of packages.flatMap(resultFiles).flatMap(outcomes)) sum[outcome] += 1;
  return sum;
}

/** Where the tests that a package has leave their results: each mode of vitest.config.ts has a file. */
function resultFiles(manifest: string): string[] {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  const commands = Object.values(scripts).join("\n");
  return ["quick", "long"]
    .filter((mode) => commands.includes(`--mode ${mode}`))
    .map((mode) => join(dirname(manifest), ".results", `${mode}.json`));
}

function outcomes(file: string): (keyof Totals)[] {
  if (!existsSync(file)) {
    process.stderr.write(`There are no test results in ${file}.\n`);
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
  const { passed, failed, skipped } = testTotals(join(import.meta.dirname, "../../.."));
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
