/** Text of one kind: a keyword, a comment; "" where it is plain. */
export type Run = readonly [text: string, kind: string];
export type Line = readonly Run[];

/** All phases, as the diff page needs them. A text that several phases carry is there once. */
export interface PhaseTexts {
  readonly phases: readonly PhaseText[];
  readonly texts: readonly (readonly Line[])[];
}

export interface PhaseText {
  readonly number: number;
  /** `5-shell` */
  readonly folder: string;
  readonly title: string;
  readonly summary: string;
  /** A path of the site. */
  readonly chapter: string | undefined;
  /** For each path, such as `src/agent.ts`, the index of its text. */
  readonly files: Readonly<Record<string, number>>;
}

export function plainText(line: Line): string {
  return line.map(([text]) => text).join("");
}
