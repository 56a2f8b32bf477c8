import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Each test file has a process of its own, and many start agents: all of them find their code compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/eightfold/code");

/** One configuration for every package: `vitest run` in a package's folder tests that package. */
export default defineConfig({
  test: {
    pool: "forks", // a pseudo-terminal that is open when its thread ends takes the whole process with it
    include: ["**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: ".results/tests.json" },
    testTimeout: 120_000, // a limit for what hangs: the machine may be doing much else
    hookTimeout: 120_000,
    maxWorkers: 2 * availableParallelism(), // most tests wait for a process or a server of their own
  },
});
