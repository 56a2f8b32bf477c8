/** What may still be spent: takes one out of it; false when none is left. */
export type Budget = () => boolean;

/** @param whole what this budget is a part of: it pays too, and must not be used up */
export function budgetOf(count: number, whole: Budget = () => true): Budget {
  let left = count;
  return () => left > 0 && whole() && left-- > 0;
}
