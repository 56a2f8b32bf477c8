import type { Model } from "@eightfold/core";
import type { AboutPhase } from "./about-phase.ts";
import { safeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";
import { wrap } from "./width.ts";

export interface Setting {
  readonly about: AboutPhase;
  readonly model: Model;
  /** Why this model was chosen, as a short phrase. */
  readonly reason: string;
  readonly workspace?: { readonly root: string } | undefined;
}

/** What an agent says first: who answers, and where it works. */
export function bannerOf(setting: Setting, style: Style, columns: number): string {
  const { about, model, reason, workspace } = setting;
  const [number] = about.phase.split("-");
  const demo = model.provider === "demo";
  const name = demo ? "demo" : `${model.provider}:${model.name}`;
  const choice = reason.includes("--model") ? reason : `${reason} · --model changes it`;

  const row = (label: string, text: string) => {
    const [first = "", ...more] = wrap(safeLine(text), columns - 9);
    return [`${style.dim(label.padEnd(8))}${first}`, ...more.map((line) => `${" ".repeat(8)}${line}`)];
  };
  const lines = [
    ...(demo ? [style.yellow("Demo: a script, not a language model.")] : []),
    `${style.bold("Eightfold")} · phase ${number}, ${about.title.toLowerCase()}`,
    ...row("model", `${name} · ${choice}`),
    ...(workspace ? row("folder", workspace.root) : []),
  ];
  return `${lines.join("\n")}\n`;
}
