import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

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
