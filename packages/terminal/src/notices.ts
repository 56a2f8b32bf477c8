import type { Model, ModelError, StopReason } from "@eightfold/core";
import type { Command } from "./choices.ts";
import type { AboutPhase } from "./help.ts";
import { type Format, NEWLINE, type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import { safeLine, safeText } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import { wrap } from "./width.ts";

export interface BannerSetting {
  readonly about: AboutPhase;
  readonly model: Model;
  /** Why this model was chosen, as a short phrase. */
  readonly reason: string;
  readonly workspace?: { readonly root: string } | undefined;
  /** Where commands run that nobody approved: what to say of it at once, and when it has been tried. */
  readonly box?: { readonly note?: string; readonly notice: Promise<string | undefined> };
}

/** What an agent says first: who answers, and where it works. */
export function styledBanner(setting: BannerSetting, columns: number, commands: readonly Command[]) {
  const { about, model, reason, workspace, box } = setting;
  const [number] = about.phase.split("-");
  const demo = model.provider === "demo";
  const name = demo ? "demo" : `${model.provider}:${model.name}`;
  const change = adviceIn("--model changes it", commands);
  const choice = reason.includes("--model") ? reason : `${reason} · ${change}`;

  const row = (label: string, text: string): StyledText[] =>
    wrap(safeLine(text), columns - 9).flatMap((line, index) => [
      styled((index === 0 ? label : "").padEnd(8), "dim"),
      styled(line),
      NEWLINE,
    ]);
  return [
    ...(demo ? paragraph("Demo: a script, not a language model.", columns, "yellow") : []),
    styled("Eightfold", "bold"),
    ...styledLines([` · phase ${number}, ${about.title.toLowerCase()}`]),
    ...row("model", `${name} · ${choice}`),
    ...(workspace ? row("folder", [workspace.root, box?.note].filter(Boolean).join(" · ")) : []),
  ];
}

/** Advice for the command line, as it is followed inside a conversation with these commands; there are none outside. */
export function adviceIn(text: string, commands: readonly Command[]): string {
  const named = (said: string, { name }: Command) => said.replaceAll(`--${name.slice(1)} `, `${name} `);
  const canReset = commands.some(({ name }) => name === "/reset");
  return commands.reduce(named, canReset ? text.replace(/new conversation/i, "$& (/reset)") : text);
}

/** Why a turn ended, where that is not plain to see. */
export const lastWords: Readonly<Partial<Record<StopReason, string>>> = {
  length: "The reply was cut off at the model's length limit. Ask it to go on.",
  refused: "The model refused to answer. Try rephrasing the request.",
  step_limit: "Stopped at the step limit. Ask it to go on.",
  loop: "Stopped: the model was repeating itself. Tell it what to do differently.",
  denied:
    "Something needed permission, and nobody could be asked. Run it in a terminal, or with --approval auto.",
  aborted: "stopped",
};

/** A word to the user between the words of the model. */
export const warn = (screen: Screen, words: string) =>
  screen.note("notice", paragraph(words, screen.columns(), "yellow"));

/** What went wrong, and below it what to do. */
export function errorNotice(
  { message, hint }: Pick<ModelError, "message" | "hint">,
  columns: number,
  commands: readonly Command[] = [],
): StyledText[] {
  const said = paragraph(adviceIn(message, commands), columns, "red");
  return hint === undefined ? said : [...said, ...paragraph(adviceIn(hint, commands), columns, "dim")];
}

/** Why, and when, a reply is asked for again. */
export function retryWords({ message }: ModelError, waitMs: number): [why: string, when: string] {
  const seconds = Math.max(1, Math.round(waitMs / 1000));
  return [/[.!?…]$/.test(message) ? message : `${message}.`, `Trying again in ${seconds} s.`];
}

/** Text made safe, and broken between words to fit the screen. */
export function paragraph(text: string, columns: number, ...format: Format): StyledText[] {
  const lines = safeText(text).split("\n");
  return styledLines(
    lines.flatMap((line) => wrap(line, columns - 1)),
    ...format,
  );
}
