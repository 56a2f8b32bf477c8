import { inspectCommand } from "@eightfold/core/shell";
import { explainCommands } from "@eightfold/core/terminal";
import { decide } from "./permissions.ts";

// `pnpm phase 7 explain "git push"`: what the gate decides on a command, and why. Nothing is run.
await explainCommands(async (command, workspace) =>
  decide(await inspectCommand(command, workspace), { approval: "ask", always: new Set() }),
);
