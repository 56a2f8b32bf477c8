import { expect, test } from "vitest";
import { wrongImports } from "./arrows.ts";
import { sources } from "./source.ts";

test("imports run one way", () => {
  expect(sources.flatMap(wrongImports)).toEqual([]);
});

test.each([
  ["phases/5-shell/src/agent.ts", `import { runTurn } from "../../4-write/src/agent.ts";`],
  ["phases/5-shell/src/agent.ts", `import type { Agent } from "@eightfold/phase-4";`],
  ["phases/5-shell/src/agent.ts", `const { checks } = await import("@eightfold/checker");`],
  ["phases/5-shell/test/agent.test.ts", `export { startWire } from "@eightfold/wire";`],
  ["packages/core/src/index.ts", `type Wire = import("@eightfold/wire").WireServer;`],
  ["packages/core/test/model-of.test.ts", `export * from "../../wire/src/index.ts";`],
  ["packages/wire/src/index.ts", `import "@eightfold/checker";`],
  ["packages/gate/src/index.ts", `import { runMain } from "@eightfold/terminal";`],
  ["packages/terminal/src/index.ts", `import { resolvePath } from "@eightfold/workspace";`],
  ["packages/phase-cli/src/start.ts", `import { openGate } from "@eightfold/gate";`],
  ["packages/rules/src/arrows.ts", `import { agentNames } from "@eightfold/core";`],
  ["packages/journal/src/index.ts", `import { runCommand } from "@eightfold/shell";`],
])("%s must not have %s", (path, text) => {
  expect(wrongImports({ path, text })).toHaveLength(1);
});

test.each([
  ["phases/5-shell/src/tools/grep.ts", `import { searchText } from "@eightfold/workspace";`],
  ["phases/5-shell/src/tools/grep.ts", `import { join } from "node:path"; import "../agent.ts";`],
  ["phases/5-shell/test/agent.test.ts", `import { checks } from "@eightfold/checker";`],
  ["packages/checker/src/index.ts", `import { startWire } from "@eightfold/wire";`],
  ["packages/journal/src/index.ts", `import { stateFolder } from "@eightfold/workspace";`],
  ["packages/shell/src/index.ts", `import { stateFolder } from "@eightfold/workspace";`],
])("%s may have %s", (path, text) => {
  expect(wrongImports({ path, text })).toEqual([]);
});
