import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

// Many tests start agents: all of them find their code compiled.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/eightfold/code");

// What agents remember, their own and that of the processes they start, is not the developer's.
process.env.XDG_STATE_HOME = join(tmpdir(), "eightfold-tests");

const long = "**/*.long.test.ts";

/** The terminal's tests wait for agents in pseudo-terminals for most of their time: two of its files share a processor. */
const filesPerProcessor = basename(process.cwd()) === "terminal" ? 2 : 1;

/**
 * One configuration for every package: `vitest run` in a package's folder tests that package. `--mode quick` leaves out
 * its long tests, and `--mode long` runs nothing else.
 */
export default defineConfig(({ mode }) => ({
  test: {
    pool: "forks", // a pseudo-terminal that is open when its thread ends takes the whole process with it
    isolate: false, // files share a few processes: to start one for each took a third of the time
    include: [mode === "long" ? long : "**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(mode === "quick" ? [long] : [])],
    reporters: ["default", "json"],
    outputFile: { json: `.results/${mode}.json` },
    // Limits for what hangs: the machine may be doing much else, and a long test has minutes of work.
    testTimeout: mode === "quick" ? 120_000 : 600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    maxConcurrency: 2 * availableParallelism(), // agents at a time in a file: for most of their time they wait
    maxWorkers: filesPerProcessor * availableParallelism(), // turbo runs a few packages at the same time
  },
}));
