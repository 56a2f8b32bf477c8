export { UsageError } from "../usage-error.ts";
export { type AboutPhase, aboutPhase } from "./about-phase.ts";
export { type CommandLine, readCommandLine } from "./command-line.ts";
export type { Flag } from "./help.ts";
export { nearest } from "./nearest.ts";
export { keysHelp } from "./rich/rich-keys.ts";
export { openRichTerminal, type RichSetting, type RichTerminal } from "./rich/rich-terminal.ts";
export { runMain } from "./run-main.ts";
export { openTerminal, type Terminal, type Turn } from "./terminal.ts";
