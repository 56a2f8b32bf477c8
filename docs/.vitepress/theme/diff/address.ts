/** What the diff page shows, as its address says it: `#4-5`, `#4-5/src/agent.ts`, `#4-5/src/agent.ts:12-20`. */
export interface Address {
  /** 0 is before phase 1: nothing is there. */
  readonly from: number;
  readonly to: number;
  /** One file; without it all that differ. */
  readonly file?: string;
  /** Lines of the later phase's file, to be pointed at. */
  readonly lines?: readonly [first: number, last: number];
}

const PATTERN = /^#(\d+)-(\d+)(?:\/([^:]+)(?::(\d+)-(\d+))?)?$/;

/** Reads a hash; undefined when it names no pair of phases of `last`. */
export function readAddress(hash: string, last: number): Address | undefined {
  const [, from = "", to = "", file, first, end] = PATTERN.exec(decodeURIComponent(hash)) ?? [];
  const pair = { from: Number(from), to: Number(to) };
  if (!to || pair.from >= pair.to || pair.to > last) return undefined;
  return { ...pair, ...(file && { file }), ...(first && end && { lines: [Number(first), Number(end)] }) };
}

export function writeAddress({ from, to, file, lines }: Address): string {
  return `#${from}-${to}${file ? `/${file}` : ""}${lines ? `:${lines[0]}-${lines[1]}` : ""}`;
}
