import type { Call, Usage } from "../words.ts";

/** One entry of the table: how a program may be called so that it only reads. */
export interface Program extends Usage {
  /** Reads the words, for a program whose options are a language of their own. */
  readonly grammar?: (words: readonly string[]) => Call;
  /** What the rest of the entry cannot say. @throws Unproved */
  readonly check?: (call: Call) => void;
  /** For a call that reads all files in a folder: the options that leave out what may hold secrets. */
  readonly leavesOut?: (call: Call) => readonly string[];
  /** Whether it opens no file: it tells what there is, and may name a secret. */
  readonly isBlind?: boolean;
  /** Names of files that it reads in the folders above, and whose lines it may print. */
  readonly readsAbove?: readonly string[];
  /** What runs in its place: it may be a script that looks for that itself. */
  readonly runs?: readonly [program: string, ...words: string[]];
  /** The shell's own command is meant: there is no other, or it says more. */
  readonly isBuiltin?: boolean;
}

export type Programs = Readonly<Record<string, Program>>;
