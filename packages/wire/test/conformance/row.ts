import type { Column, ColumnName } from "./columns.ts";

/** A promise that every provider keeps. Where it has no sense, `except` says why. */
export interface Row {
  readonly behaviour: string;
  readonly except?: Exceptions;
  /** Changes something that all rows share, so that it runs by itself. */
  readonly isAlone?: boolean;
  /** Takes long, and repeats for other input what a quick row shows. */
  readonly isLong?: boolean;
  holds(column: Column): Promise<void>;
}

export type Exceptions = Readonly<Partial<Record<ColumnName, string>>>;

/** The demo, for rows about what comes over a network. */
export const noNetwork = { demo: "it never sees a network" } as const;

/** The demo, for rows about what a model says. */
export const ownScript = { demo: "it says what its script says" } as const;
