import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "@eightfold/shell";
import { workspaceWith } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { inspectCommand } from "../src/inspect.ts";

// macOS lets no shell limit the memory of a process.
test.skipIf(process.platform === "darwin")(
  "a search that comes upon an ignore file without end stops before it has taken all memory",
  async () => {
    const workspace = await workspaceWith({ "a/b/c.txt": "one\n" });
    symlinkSync("/dev/zero", join(workspace.root, "a/b/.ignore"));
    const plan = await inspectCommand("rg one", workspace);
    expect(plan.verdict).toBe("reads");
    const { stderr } = await runCommand(plan, { cwd: workspace.root, signal: AbortSignal.timeout(120_000) });
    expect(stderr).toMatch(/memory/);
  },
  150_000,
);
