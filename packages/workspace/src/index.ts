/** The folder an agent works in: every path goes through one guard, and no file is changed that was not read. */
export { diffOfChanges, takeBack } from "./change.ts";
export { commandEnvironment } from "./command-environment.ts";
export { diffTexts } from "./diff.ts";
export { projectDocuments } from "./documents.ts";
export { planReplace, planWrite, replaceText, writeText } from "./edit.ts";
export { fsReason, isMissing } from "./fs-errors.ts";
export { type GitFacts, gitFacts } from "./git.ts";
export { leadsOutside, repositoryRoot } from "./git-folder.ts";
export { byCodePoint, isInside, relativePath, resolvePath, showName } from "./guard.ts";
export { completePath, listFolder } from "./list.ts";
export { callsNamedIn } from "./named.ts";
export { planRead, readTextPage } from "./read.ts";
export { searchText } from "./search.ts";
export * from "./secrets.ts";
export {
  homeFolder,
  makeFolders,
  makeStateFolder,
  openWorkspace,
  stateFolder,
  stateHome,
  type Workspace,
} from "./workspace.ts";
