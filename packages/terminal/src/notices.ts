import type { ModelError, StopReason } from "@eightfold/core";
import { safeText } from "./safe-text.ts";
import type { Style } from "./style.ts";
import { wrap } from "./width.ts";

/** Why a turn ended, where that is not plain to see. */
export const lastWords: Readonly<Partial<Record<StopReason, string>>> = {
  length: "The reply was cut off at the model's length limit. Ask it to go on.",
  refused: "The model refused to answer. Try other words.",
  step_limit: "Stopped at the step limit. Ask it to go on.",
  loop: "Stopped: the model was repeating itself. Tell it what to do differently.",
  denied:
    "Something needed permission, and nobody could be asked. Run it in a terminal, or with --approval auto.",
  aborted: "stopped",
};

/** What went wrong, and below it what to do. */
export function errorNotice({ message, hint }: ModelError, columns: number, style: Style): string {
  const said = paragraph(message, columns, style.red);
  return hint === undefined ? said : `${said}\n${paragraph(hint, columns, style.dim)}`;
}

export function retryNotice(error: ModelError, waitMs: number, columns: number, style: Style): string {
  const seconds = Math.max(1, Math.round(waitMs / 1000));
  const said = /[.!?…]$/.test(error.message) ? error.message : `${error.message}.`;
  return paragraph(`${said} Trying again in ${seconds} s.`, columns, style.yellow);
}

/** Text broken between words to fit the screen, safe and in one colour. */
export function paragraph(text: string, columns: number, paint: (line: string) => string): string {
  const lines = safeText(text).split("\n");
  return lines
    .flatMap((line) => wrap(line, columns - 1))
    .map(paint)
    .join("\n");
}
