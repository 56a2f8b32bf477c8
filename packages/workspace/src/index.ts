/** The folder an agent works in: every path goes through one guard, and no file is changed that was not read. */
export { takeBack } from "./change.ts";
export { commandEnvironment } from "./command-environment.ts";
export { type ProjectDocument, projectDocuments } from "./documents.ts";
export { planReplace, planWrite, replaceText, writeText } from "./edit.ts";
export { errorCode, fsError, fsReason, isMissing } from "./fs-errors.ts";
export { type GitFacts, gitFacts, repositoryRoot } from "./git.ts";
export { byCodePoint, isInside, type ResolvedPath, relativePath, resolvePath, showName } from "./guard.ts";
export { completePath, listFolder } from "./list.ts";
export { type PageRequest, planRead, readTextPage, type TextPage } from "./read.ts";
export { type SearchRequest, type SearchResult, searchText, type TextMatch } from "./search.ts";
export * from "./secrets.ts";
export { agentFolder, openWorkspace, type Workspace } from "./workspace.ts";
