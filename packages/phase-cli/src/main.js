// JavaScript, so that nothing is stripped of its types before the cache of stripped code is on: that saves 30 ms.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../../../node_modules/.cache/eightfold/code"));
const { phaseCommand } = await import("./phase-command.ts");
await phaseCommand(process.argv.slice(2));
