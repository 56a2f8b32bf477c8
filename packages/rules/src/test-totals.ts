import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** One text for each failure: where it is, its name, and the first lines of the reason. */
  failures: string[];
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
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
  const totals: Totals = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const fail = (where: string, reason: string) => {
    totals.failed += 1;
    totals.failures.push(`${relative(root, where)}${reason}`);
  };
  for (const results of packages.flatMap(resultFiles)) {
    if (!existsSync(results)) {
      fail(results, ": there are no test results");
      continue;
    }
    const { testResults }: Report = JSON.parse(readFileSync(results, "utf8"));
    for (const { name, status, message = "", assertionResults } of testResults) {
      if (status === "failed" && assertionResults.length === 0) fail(name, `\n${firstLines(message)}`);
      for (const { fullName, status, failureMessages = [] } of assertionResults) {
        if (status === "failed") fail(name, ` > ${fullName}\n${firstLines(failureMessages.join("\n"))}`);
        else totals[status === "passed" ? "passed" : "skipped"] += 1;
      }
    }
  }
  return totals;
}

/** Where the tests that a package has leave their results: each mode of vitest.config.ts has a file. */
function resultFiles(manifest: string): string[] {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  const commands = Object.values(scripts).join("\n");
  return ["quick", "long"]
    .filter((mode) => commands.includes(`--mode ${mode}`))
    .map((mode) => join(dirname(manifest), ".results", `${mode}.json`));
}

function firstLines(message: string): string {
  return message.replace(/^/gm, "  ").split("\n").slice(0, 30).join("\n");
}

if (import.meta.main) {
  const { passed, failed, skipped, failures } = testTotals(join(import.meta.dirname, "../../.."));
  // The whole log is long, and who reads a failed run often has its end alone.
  for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
