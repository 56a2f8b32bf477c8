import { defineTool, type Tool } from "@eightfold/core";
import { describeEnding, runCommand } from "@eightfold/shell";
import type { Workspace } from "@eightfold/workspace";

export function runBash(workspace: Workspace): Tool {
  return defineTool({
    name: "run_bash",
    description:
      "Run a command with bash in the workspace; you get its exit code, stdout and stderr. Nothing can be typed " +
      "into it, and whatever it leaves running in the background is ended.",
    input: {
      command: { type: "string", minLength: 1, description: "The command" },
      timeout: { type: "number", minimum: 1, maximum: 600, description: "Seconds it may run; default 120" },
    },
    required: ["command"],
    example: { command: "npm test" },

    async run({ command, timeout }, signal) {
      const outcome = await runCommand(command, { cwd: workspace.root, timeoutSeconds: timeout, signal });
      const ending = describeEnding(outcome.ending);
      const seconds = (outcome.milliseconds / 1000).toFixed(1);

      const parts = [ending];
      if (outcome.stdout) parts.push(`stdout:\n${outcome.stdout}`);
      if (outcome.stderr) parts.push(`stderr:\n${outcome.stderr}`);
      if (parts.length === 1) parts.push("(no output)");
      return {
        text: parts.join("\n"),
        summary: `${ending}, ${seconds} s`,
        isError: outcome.ending.type !== "exit",
      };
    },
  });
}
