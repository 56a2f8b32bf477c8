import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Each test file has a process of its own, and many start agents: they find their code compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/eightfold/code");

/** One configuration for every package: `vitest run` in a package's folder tests that package. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: ".results/tests.json" },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2 * availableParallelism(), // most tests wait for a process or a server of their own
  },
});
