import type { Line } from "../diff/data.ts";

/** The steps of a chapter, as `steps/5.json` holds them. A text that several steps have is there once. */
export interface ChapterSteps {
  readonly steps: readonly StepText[];
  readonly texts: readonly (readonly Line[])[];
}

export interface StepText {
  /** 0 is what the chapter begins with. */
  readonly number: number;
  readonly title: string;
  /** Its heading, as a path of the site. */
  readonly place?: string;
  /** What fails before it and passes after it. */
  readonly checks: readonly { readonly id: string; readonly title: string }[];
  /** For each path, such as `src/agent.ts`, the index of its text. */
  readonly files: Readonly<Record<string, number>>;
}

/** What the page shows, as its address says it: `#5`, `#5.2`, `#5.2/src/agent.ts`. */
export interface StepAddress {
  readonly phase: number;
  readonly step: number;
  readonly file?: string;
}

/** Reads a hash; undefined when it names no step. */
export function readStepAddress(hash: string): StepAddress | undefined {
  const [, phase, step = "1", file] =
    /^#([1-8])(?:\.(\d+))?(?:\/(.+))?$/.exec(decodeURIComponent(hash)) ?? [];
  return phase ? { phase: Number(phase), step: Number(step), ...(file && { file }) } : undefined;
}

export function writeStepAddress({ phase, step, file }: StepAddress): string {
  return `#${phase}.${step}${file ? `/${file}` : ""}`;
}
