export { UsageError } from "../usage-error.ts";
export { type AboutPhase, aboutPhase } from "./about-phase.ts";
export { type CommandLine, readCommandLine } from "./command-line.ts";
export { runMain } from "./run-main.ts";
export { openTerminal, type Terminal, type Turn } from "./terminal.ts";
