import { defineTool, type Tool } from "@eightfold/core";
import { searchText, type Workspace } from "@eightfold/workspace";

export function grep(workspace: Workspace): Tool {
  return defineTool({
    name: "grep",
    description:
      "Search the text of files with a regular expression (ripgrep). Each match is path:line: text.",
    input: {
      pattern: { type: "string", description: "The regular expression, in Rust's syntax" },
      path: { type: "string", description: "The file or folder to search; the workspace by default" },
      glob: { type: "string", description: "Only files whose path below that folder matches, such as *.ts" },
    },
    required: ["pattern"],
    example: { pattern: "function \\w+", path: "src", glob: "*.ts" },

    async run({ pattern, path, glob }, signal) {
      const { matches, notice } = await searchText(workspace, { pattern, path, glob }, signal);
      const lines = matches.map((match) => `${match.path}:${match.line}: ${match.text}`);
      if (lines.length === 0) lines.push("No matches.");
      if (notice) lines.push(notice);
      return { text: lines.join("\n"), summary: `${matches.length} found` };
    },
  });
}
