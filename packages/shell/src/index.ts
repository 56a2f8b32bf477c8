/** A command, run and ended for certain: with all that it started, however it ends. */
export {
  type CommandOptions,
  type CommandOutcome,
  describeEnding,
  type Ending,
  runCommand,
} from "./run-command.ts";
export { programFolders, readingEnvironment } from "./start-command.ts";
