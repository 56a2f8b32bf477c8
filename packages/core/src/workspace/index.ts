/**
 * The folder an agent works in: every path goes through one guard, and no file is changed that was not read.
 * What works on files is loaded with its first call, since a prompt is on screen before any is touched.
 */

export type { ChangePlan, FileChange } from "./change.ts";
export type { GitFacts } from "./git-facts.ts";
export type { ResolvedPath } from "./guard.ts";
export type { Listing } from "./list-folder.ts";
export { openWorkspace } from "./open-workspace.ts";
export type { ReadPlan } from "./plan-read.ts";
export type { ProjectDocument } from "./project-documents.ts";
export type { PageRequest, TextPage } from "./read-page.ts";
export type { Reversal } from "./reversal.ts";
export type { SearchRequest, SearchResult, TextMatch } from "./search-text.ts";
export { isSecret } from "./secret.ts";
export type { Workspace } from "./workspace.ts";

export const agentFolder = loaded(async () => (await import("./agent-folder.ts")).agentFolder);
export const resolvePath = loaded(async () => (await import("./guard.ts")).resolvePath);
export const planRead = loaded(async () => (await import("./plan-read.ts")).planRead);
export const readTextPage = loaded(async () => (await import("./read-page.ts")).readTextPage);
export const listFolder = loaded(async () => (await import("./list-folder.ts")).listFolder);
export const searchText = loaded(async () => (await import("./search-text.ts")).searchText);
export const replaceText = loaded(async () => (await import("./replace-text.ts")).replaceText);
export const planReplace = loaded(async () => (await import("./replace-text.ts")).planReplace);
export const writeText = loaded(async () => (await import("./write-text.ts")).writeText);
export const planWrite = loaded(async () => (await import("./write-text.ts")).planWrite);
export const takeBack = loaded(async () => (await import("./reversal.ts")).takeBack);
export const gitFacts = loaded(async () => (await import("./git-facts.ts")).gitFacts);
export const repositoryRoot = loaded(async () => (await import("./repository-root.ts")).repositoryRoot);
export const projectDocuments = loaded(async () => (await import("./project-documents.ts")).projectDocuments);

/** A function that is loaded when it is first called. */
function loaded<Args extends unknown[], Result>(load: () => Promise<(...args: Args) => Promise<Result>>) {
  return async (...args: Args): Promise<Result> => (await load())(...args);
}
