import { gitReads } from "./corpus-reads-git.ts";
import { searchReads } from "./corpus-reads-search.ts";
import { shellReads } from "./corpus-reads-shell.ts";
import type { Habit } from "./corpus-trick.ts";

/** Commands that only read, and that nobody should be asked about. */
export const reads: readonly Habit[] = [...shellReads, ...searchReads, ...gitReads];
