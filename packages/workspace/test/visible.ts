import { expect } from "vitest";
import { listFolder, searchText, type Workspace } from "../src/index.ts";
import { type Files, workspaceWith } from "./temp-workspace.ts";

const { signal } = new AbortController();
const isRules = (entry: string) => /\.git(ignore|modules)$/.test(entry);

/** The files that list_files shows and those that grep searches: they must be the same. */
export async function visible(workspace: Workspace, path = "."): Promise<string[]> {
  const { entries } = await listFolder(workspace, path);
  const listed = entries.filter((entry) => !entry.endsWith("/"));
  const { matches } = await searchText(workspace, { pattern: "needle", path }, signal);
  expect(matches.map((match) => match.path)).toEqual(listed.filter((entry) => !isRules(entry)));
  return listed;
}

/** Files with a needle each; what is named .gitignore holds its rules. */
export function treeWith(rules: Files, ...paths: string[]): Files {
  return { ...rules, ...Object.fromEntries(paths.map((path) => [path, "needle\n"])) };
}

/** "path:line: text" of each match. */
export async function found(
  files: Files,
  pattern: string,
  where: { path?: string; glob?: string } = {},
): Promise<string[]> {
  const { matches } = await searchText(await workspaceWith(files), { pattern, ...where }, signal);
  return matches.map(({ path, line, text }) => `${path}:${line}: ${text}`);
}
