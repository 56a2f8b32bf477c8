import { spawnSync } from "node:child_process";
import { join } from "node:path";

// Runs the tasks that are named, in every package that has them; what is unchanged since it last passed is not run
// again. More words go to turbo: `pnpm test --force` runs everything.

const turbo = join(import.meta.dirname, "../../../node_modules/turbo/bin/turbo");
const { status } = spawnSync(process.execPath, [turbo, "run", "--continue", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
});
process.exitCode = status ?? 1;
