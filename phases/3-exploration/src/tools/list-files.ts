import { defineTool, type Tool } from "@eightfold/core";
import { listFolder, type Workspace } from "@eightfold/workspace";

export function listFiles(workspace: Workspace): Tool {
  return defineTool({
    name: "list_files",
    description: "List the files below a folder, one path a line. Files that .gitignore names are left out.",
    input: {
      path: { type: "string", description: "The folder, relative to the workspace, which is the default" },
      depth: { type: "integer", minimum: 1, description: "How many levels to go down; all by default" },
    },
    example: { path: "src", depth: 2 },

    async run({ path = ".", depth }, signal) {
      const { entries, notice } = await listFolder(workspace, path, depth, signal);
      const lines = entries.length > 0 ? [...entries] : ["(empty)"];
      if (notice) lines.push(notice);
      return { text: lines.join("\n"), summary: `${entries.length} listed` };
    },
  });
}
