/** A command, run and ended for certain: with all that it started, however it ends. */
export { leftRunning } from "./marks.ts";
export { type CommandOptions, type CommandOutcome, describeEnding, runCommand } from "./run-command.ts";
export { programFolders, readingEnvironment } from "./start-command.ts";
