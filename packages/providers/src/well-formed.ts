/**
 * The same value without halves of surrogate pairs, which no UTF-8 can hold: services refuse the whole request for
 * one. They get in when text is cut between two code units.
 */
export function wellFormed<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), clean(inner)]));
}
