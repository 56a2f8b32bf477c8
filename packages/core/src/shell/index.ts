export { describeEnding, type Ending } from "./ending.ts";
export { commandEnvironment } from "./environment.ts";
export { type CommandOptions, type CommandOutcome, runCommand } from "./run-command.ts";
