import type { Model } from "../model/model.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { AboutPhase } from "./about-phase.ts";
import { safeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";

export interface Setting {
  readonly about: AboutPhase;
  readonly model: Model;
  /** Why this model was chosen. */
  readonly reason: string;
  readonly workspace?: Workspace | undefined;
}

/** What an agent says first: who answers, and where it works. */
export function bannerOf({ about, model, reason, workspace }: Setting, style: Style): string {
  const [number] = about.phase.split("-");
  const demo = model.provider === "demo";
  const name = demo ? "demo" : `${model.provider}:${model.name}`;
  const lines = [
    ...(demo ? [style.yellow("The demo model answers: a script, not a language model.")] : []),
    `${style.bold("Eightfold")} · phase ${number}, ${about.title.toLowerCase()}`,
    `${style.dim("model")}      ${safeLine(name)} ${style.dim(`· ${safeLine(reason)} · --model chooses another`)}`,
    ...(workspace ? [`${style.dim("workspace")}  ${safeLine(workspace.root)}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
