/** Throws what was expected and what was seen, unless the condition holds. */
export function expectThat(condition: boolean, expected: string, seen: unknown): asserts condition {
  if (!condition) throw new Error(`expected: ${expected}\nseen: ${show(seen)}`);
}

export function expectEqual(seen: unknown, expected: unknown, what: string): void {
  expectThat(JSON.stringify(seen) === JSON.stringify(expected), `${what}: ${show(expected)}`, seen);
}

/** Expects the text to match, or to hold, `pattern`. */
export function expectText(seen: string | undefined, pattern: RegExp | string, what: string): void {
  expectThat(holds(seen, pattern), `${what}, with ${show(pattern)}`, seen);
}

/** Expects the text to match, or to hold, none of the patterns. */
export function expectNoText(seen: string | undefined, patterns: (RegExp | string)[], what: string): void {
  for (const pattern of patterns)
    expectThat(!holds(seen, pattern), `${what}, without ${show(pattern)}`, seen);
}

/** Expects the same bytes. */
export function expectBytes(seen: Buffer, expected: Buffer | string, what: string): void {
  const wanted = Buffer.from(expected);
  if (!seen.equals(wanted))
    throw new Error(`expected: ${what}: ${showBytes(wanted)}\nseen: ${showBytes(seen)}`);
}

/** What is not ASCII as the bytes that it is made of: "caf\xe9". */
function showBytes(bytes: Buffer): string {
  return show(bytes.toString("latin1")).replaceAll(
    /[\x7f-\xff]/g,
    (sign) => `\\x${sign.charCodeAt(0).toString(16)}`,
  );
}

function holds(text: string | undefined, pattern: RegExp | string): boolean {
  if (text === undefined) return false;
  return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}

/** As JSON, with the middle of something long left out. */
function show(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= 600 ? text : `${text.slice(0, 400)} … ${text.slice(-180)}`;
}
