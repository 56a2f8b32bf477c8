import { defineTool, type Tool } from "@eightfold/core";
import { planRead, readTextPage, type Workspace } from "@eightfold/workspace";

export function readFile(workspace: Workspace): Tool {
  return defineTool({
    name: "read_file",
    description:
      "Read a text file. Each line comes with its number and a tab, which are not part of the file. " +
      "A long file comes in pages: the last line says how to go on.",
    input: {
      path: { type: "string", description: "The file, relative to the workspace" },
      offset: { type: "integer", minimum: 1, description: "The first line to read, counted from 1" },
      limit: { type: "integer", minimum: 1, description: "How many lines to read, at most 2000" },
    },
    required: ["path"],
    example: { path: "src/index.ts" },

    plan: ({ path }) => planRead(workspace, path),

    async run({ path, offset, limit }, signal) {
      const page = await readTextPage(workspace, path, { offset, limit }, signal);
      const numbered = page.lines.map((line, index) => `${String(page.first + index).padStart(6)}\t${line}`);
      if (page.notice) numbered.push(page.notice);
      return { text: numbered.join("\n"), summary: `${page.lines.length} of ${page.total} lines` };
    },
  });
}
