import { defineTool, type Tool } from "@eightfold/core";
import { planWrite, type Workspace } from "@eightfold/workspace";

export function writeFile(workspace: Workspace): Tool {
  return defineTool({
    name: "write_file",
    description:
      "Write a whole file, new or over an old one that you have read; folders are made as needed. " +
      "To change a part of a file, use edit_file.",
    input: {
      path: { type: "string", description: "The file, relative to the workspace" },
      content: { type: "string", description: "The whole content of the file" },
    },
    required: ["path", "content"],
    example: { path: "notes/todo.md", content: "# To do\n" },

    plan: ({ path, content }) => planWrite(workspace, path, content),

    async run(_input, _signal, plan) {
      const change = await plan.land();
      const summary = `+${change.added} −${change.removed}`;
      const verb = change.created ? "Created" : "Wrote";
      return { text: `${verb} ${change.path} (${summary} lines).`, summary, diff: change.diff };
    },
  });
}
