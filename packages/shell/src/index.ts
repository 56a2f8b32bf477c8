/** Runs a command, and makes sure that it ends, with everything it started. */
export { leftRunning } from "./process-group.ts";
export { type CommandOptions, type CommandOutcome, describeEnding, runCommand } from "./run-command.ts";
export { programFolders, readingEnvironment } from "./start-command.ts";
