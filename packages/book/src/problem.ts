/** What is wrong with a block, for its author: what, and what to do. */
export class Problem extends Error {}

/** A place where the book is not true. */
export interface Failure {
  /** The page: `docs/05-shell.md`. */
  readonly chapter: string;
  /** From 1. */
  readonly line: number;
  /** The directive, or the rule when it is about the whole page. */
  readonly block: string;
  readonly message: string;
}
