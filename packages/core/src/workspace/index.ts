/** The folder an agent works in: every path goes through one guard, and no file is changed that was not read. */

export { agentFolder } from "./agent-folder.ts";
export type { FileChange } from "./change.ts";
export { type GitFacts, gitFacts } from "./git-facts.ts";
export { type ResolvedPath, resolvePath } from "./guard.ts";
export { type Listing, listFolder } from "./list-folder.ts";
export { openWorkspace } from "./open-workspace.ts";
export { type ProjectDocument, projectDocuments } from "./project-documents.ts";
export { type PageRequest, readTextPage, type TextPage } from "./read-page.ts";
export { replaceText } from "./replace-text.ts";
export { type SearchRequest, type SearchResult, searchText, type TextMatch } from "./search-text.ts";
export type { Workspace } from "./workspace.ts";
export { writeText } from "./write-text.ts";
