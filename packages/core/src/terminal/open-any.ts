import { type JsonSetting, openJsonOutput } from "./json/json-output.ts";
import { openRichTerminal, type RichSetting, type RichTerminal } from "./rich/rich-terminal.ts";

/** A terminal for a person, or, with `--output json`, for a program. */
export function openAnyTerminal(
  output: "text" | "json" | undefined,
  setting: RichSetting & JsonSetting,
): RichTerminal {
  return output === "json" ? openJsonOutput(setting) : openRichTerminal(setting);
}
