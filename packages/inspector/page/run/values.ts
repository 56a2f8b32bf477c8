/** Values of unknown shape, read without trust: a trace holds what servers and models wrote. */

export type Json = Readonly<Record<string, unknown>>;

export function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text as it is, nothing as "", anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value, undefined, 2);
}

/** Undefined for what is not JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const BLOCK = 4096;

/** How many characters two texts begin with in common: block by block, since most of a request is what the one before was. */
export function sharedLength(one: string, other: string): number {
  let at = 0;
  while (at + BLOCK <= one.length && one.slice(at, at + BLOCK) === other.slice(at, at + BLOCK)) at += BLOCK;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}
