import { defineTool, type Tool } from "@eightfold/core";
import { inspectCommand } from "@eightfold/gate";
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
      outside: { type: "boolean", description: "Leave the box that it failed in: the user is asked" },
    },
    required: ["command"],
    example: { command: "npm test" },

    plan: ({ command, outside }) => inspectCommand(command, workspace, outside),

    async run({ timeout }, signal, plan, report) {
      const onPrint = (printed: string) => report(plan.command, { printed });
      const options = { cwd: workspace.root, timeoutSeconds: timeout, signal, onPrint };
      const outcome = await runCommand(plan, options);
      const ending = describeEnding(outcome.ending);
      const seconds = (outcome.milliseconds / 1000).toFixed(1);

      const parts = [ending];
      if (outcome.stdout) parts.push(`stdout:\n${outcome.stdout}`);
      if (outcome.stderr) parts.push(`stderr:\n${outcome.stderr}`);
      if (parts.length === 1) parts.push("(no output)");
      if (outcome.note) parts.push(outcome.note);
      return {
        text: parts.join("\n"),
        summary: `${ending}, ${seconds} s`,
        isError: outcome.ending.type !== "exit",
      };
    },
  });
}
