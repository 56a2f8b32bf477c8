import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Phase } from "./phases.ts";

/**
 * Runs vitest in the phase's folder, on this terminal; `args` go to vitest. Returns its exit code. The results
 * that `pnpm test` adds up are left as they are.
 */
export async function runTests(phase: Phase, args: readonly string[], root: string): Promise<number> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(root, "vitest.config.ts");
  const child = spawn(process.execPath, [vitest, "run", "--config", config, "--reporter=default", ...args], {
    cwd: phase.folder,
    stdio: "inherit",
  });
  process.on("SIGINT", () => {}); // the terminal sends it to vitest too, which stops by itself
  const [code] = await once(child, "exit");
  return code ?? 1;
}
