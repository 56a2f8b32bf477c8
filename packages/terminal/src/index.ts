import type { JsonSetting } from "./json/json-output.ts";
import { openRichTerminal, type RichSetting, type RichTerminal } from "./rich/rich-terminal.ts";

export { type AboutPhase, aboutPhase } from "./about-phase.ts";
export { type CommandLine, readCommandLine } from "./command-line.ts";
export type { Flag } from "./help.ts";
export type { JsonSetting } from "./json/json-output.ts";
export type { Answer, Question } from "./rich/question.ts";
export { keysHelp } from "./rich/rich-keys.ts";
export { openRichTerminal, type RichSetting, type RichTerminal } from "./rich/rich-terminal.ts";
export { drawShares } from "./rich/shares.ts";
export { runMain } from "./run-main.ts";
export { safeLine } from "./safe-text.ts";
export { openTerminal, type Terminal, type Turn, type TurnEvent } from "./terminal.ts";
export { clip as fitColumns } from "./width.ts";

/** A terminal for a person, or, with `--output json`, for a program. */
export async function openAnyTerminal(
  output: "text" | "json" | undefined,
  setting: RichSetting & JsonSetting,
): Promise<RichTerminal> {
  if (output !== "json") return openRichTerminal(setting);
  return (await import("./json/json-output.ts")).openJsonOutput(setting);
}
