import { explainCommands, inspectCommand } from "@eightfold/gate";
import { runMain } from "@eightfold/terminal";
import { decide } from "./permissions.ts";

// `pnpm phase 7 explain "git push"`: what the gate decides on a command, and why. Nothing is run.
await runMain(() =>
  explainCommands(async (command, workspace) =>
    decide(await inspectCommand(command, workspace), { approval: "ask", always: new Set() }),
  ),
);
