// JavaScript, so that an old Node gets as far as saying so, and so that nothing is stripped of its types before the
// cache of stripped code is on: that saves 30 ms.
import module from "node:module";
import { join } from "node:path";

if (process.features.typescript) {
  module.enableCompileCache(join(import.meta.dirname, "../../../node_modules/.cache/eightfold/code"));
  const { phaseCommand } = await import("./phase-command.ts");
  await phaseCommand(process.argv.slice(2));
} else {
  process.stderr.write(
    `Node ${process.versions.node} is too old: it takes 22.18 or later.\n` +
      "Start with pnpm, which brings its own: npx -y pnpm@12 phase\n",
  );
  process.exitCode = 2;
}
