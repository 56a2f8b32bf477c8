/** What one check looked at, and what it found wrong. */
export interface Finding {
  /** "44 pages fit their window" */
  readonly checked: string;
  /** A sentence each; none when all is well. */
  readonly wrong: readonly string[];
}

/** Prints what was checked and what is wrong, at once, so that a long run shows where it is. */
export function print({ checked, wrong }: Finding): void {
  console.log(`${wrong.length === 0 ? "ok    " : "FAILED"}  ${checked}`);
  for (const line of wrong.slice(0, 30)) console.log(`        ${line}`);
  if (wrong.length > 30) console.log(`        … and ${wrong.length - 30} more`);
}
