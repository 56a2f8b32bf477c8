import { defineTool, type Tool } from "@eightfold/core";
import { planReplace, type Workspace } from "@eightfold/workspace";

export function editFile(workspace: Workspace): Tool {
  return defineTool({
    name: "edit_file",
    description:
      "Replace one piece of a file that you have read. old_text must stand in it exactly once: take enough lines " +
      "around the change, without the line numbers. An empty old_text creates a file.",
    input: {
      path: { type: "string", description: "The file, relative to the workspace" },
      old_text: { type: "string", description: "The text to replace, exactly as it stands in the file" },
      new_text: { type: "string", description: "The text to put in its place" },
    },
    required: ["path", "old_text", "new_text"],
    example: { path: "src/index.ts", old_text: "const limit = 10;", new_text: "const limit = 20;" },

    plan: ({ path, old_text, new_text }) => planReplace(workspace, path, old_text, new_text),

    async run(_input, _signal, plan) {
      const change = await plan.land();
      const summary = `+${change.added} −${change.removed}`;
      return { text: `Edited ${change.path} (${summary} lines).`, summary, diff: change.diff };
    },
  });
}
