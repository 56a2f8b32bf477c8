import { afterAll, beforeEach, test, vi } from "vitest";
import { aborts } from "./aborts.ts";
import { calls } from "./calls.ts";
import { type ColumnName, columnNames, columns } from "./columns.ts";
import { contradictions } from "./contradictions.ts";
import { conversations } from "./conversations.ts";
import { cuts } from "./cuts.ts";
import { endings } from "./endings.ts";
import { histories } from "./histories.ts";
import { refusals } from "./refusals.ts";
import { requests } from "./requests.ts";
import type { Row } from "./row.ts";
import { sequences } from "./sequences.ts";
import { silences } from "./silences.ts";
import { states } from "./states.ts";
import { texts } from "./texts.ts";
import { waits } from "./waits.ts";
import { written } from "./written.ts";

/**
 * The table: what every provider promises, row by row, each kept with the real SDK against a strict server. A test is
 * a cell. A new provider is a new column, in columns.ts.
 */
export const table: readonly Row[] = [
  ...texts,
  ...calls,
  ...endings,
  ...aborts,
  ...cuts,
  ...silences,
  ...refusals,
  ...contradictions,
  ...waits,
  ...requests,
  ...conversations,
  ...histories,
  ...states,
  ...sequences,
  ...written,
];

/** Tries rows with every provider. */
export function tryRows(rows: readonly Row[]): void {
  // Waits that nobody hints at are random, between nothing and a bound: here they are nothing.
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
  afterAll(() => vi.restoreAllMocks());

  for (const { behaviour, except = {}, isAlone, holds } of rows) {
    for (const column of columnNames) {
      const cell = `${behaviour} · ${column}`;
      const reason = (except as Partial<Record<ColumnName, string>>)[column];
      // A cell that has no sense is shown with its reason.
      if (reason !== undefined) test.skip(`${cell}: ${reason}`, () => {});
      else if (isAlone) test(cell, () => holds(columns[column]));
      else test.concurrent(cell, () => holds(columns[column]));
    }
  }
}
