import { type Format, NEWLINE, type StyledText } from "../markdown/styled-text.ts";
import { exactLine, safeLine, safeText } from "../safe-text.ts";
import { slices, wrap } from "../width.ts";
import { styledDiff } from "./diff-view.ts";

/** Something that the user decides. */
export interface Question {
  /** What would be done: "run a command", "edit src/a.js". */
  readonly title: string;
  /** All of it. */
  readonly body: { readonly command: string } | { readonly diff: string } | { readonly text: string };
  /** Why it is asked. */
  readonly reason: string;
  /** What "always" allows ("this exact command"); absent: it is not offered. */
  readonly always?: string;
}

export type Answer =
  | { readonly type: "once" }
  | { readonly type: "always" }
  /** `why` is what the user typed instead. */
  | { readonly type: "no"; readonly why?: string };

/** The question on the screen, whole and with nothing hidden, up to where the answer is typed. */
export function questionRuns({ title, body, reason }: Question, columns: number): StyledText[] {
  const [first = "", ...more] = slices(exactLine(title), columns - 3);
  return [
    { text: "? ", format: ["yellow"] },
    { text: first, format: ["bold"] },
    NEWLINE,
    ...indented(more, ["bold"]),
    ...bodyRuns(body, columns),
    ...indented(wrap(safeLine(reason), columns - 3), ["dim"]),
  ];
}

/** What the answer is typed behind. */
export function answerPrompt({ always }: Question, columns: number): string {
  const choices = ["y once", ...(always === undefined ? [] : [`a always ${exactLine(always)}`])];
  const text = `${choices.join(" · ")} · n no, or say why:`;
  return `${wrap(text, columns - 4)
    .map((line) => `  ${line}`)
    .join("\n")} `;
}

/** What a typed line answers. Whatever is no clear yes is a no. */
export function answerOf(line: string | undefined, { always }: Question): Answer {
  const said = line?.trim() ?? "";
  if (/^y(es)?$/i.test(said)) return { type: "once" };
  if (/^a(lways)?$/i.test(said) && always !== undefined) return { type: "always" };
  return /^(no?)?$/i.test(said) ? { type: "no" } : { type: "no", why: said };
}

/** What stays on the screen in the place of the prompt. */
export function answerRuns(answer: Answer, { always = "" }: Question, columns: number): StyledText[] {
  switch (answer.type) {
    case "once":
      return indented(["allowed once"], ["green"]);
    case "always":
      return indented(slices(`always allowed: ${exactLine(always)}`, columns - 3), ["green"]);
    case "no": {
      const why = answer.why === undefined ? "" : `: ${safeLine(answer.why)}`;
      return indented(slices(`not allowed${why}`, columns - 3), ["yellow"]);
    }
  }
}

function bodyRuns(body: Question["body"], columns: number): StyledText[] {
  if ("diff" in body) return styledDiff(body.diff, columns, Number.POSITIVE_INFINITY);
  if ("command" in body) return commandRuns(body.command, columns);
  const lines = safeText(body.text).trimEnd().split("\n");
  return indented(
    lines.flatMap((line) => wrap(line, columns - 3)),
    [],
  );
}

/** As a shell shows it: each line has a mark, so that one that was too long for the screen is told from two. */
function commandRuns(command: string, columns: number): StyledText[] {
  return command.split("\n").flatMap((line, index) => {
    const [first = "", ...more] = slices(exactLine(line), columns - 5);
    return [
      { text: index === 0 ? "  $ " : "  > ", format: ["dim"] as const },
      { text: first.trimEnd(), format: [] },
      NEWLINE,
      ...more.flatMap((part) => [{ text: `    ${part.trimEnd()}`, format: [] }, NEWLINE]),
    ];
  });
}

function indented(lines: readonly string[], format: Format): StyledText[] {
  return lines.flatMap((line) => [{ text: `  ${line}`, format }, NEWLINE]);
}
