import { createHash } from "node:crypto";

/** Makes ids that look random and are the same in every run. */
export function idMaker(): (prefix: string, length: number) => string {
  let count = 0;
  return (prefix, length) => {
    count += 1;
    return prefix + opaque(`${prefix}${count}`, length);
  };
}

/** A text without meaning, of this length, that depends on the seed only. */
export function opaque(seed: string, length: number): string {
  let text = "";
  for (let block = 0; text.length < length; block += 1) {
    text += createHash("sha512").update(`${seed}/${block}`).digest("hex");
  }
  return text.slice(0, length);
}

/**
 * A text in the pieces that a model would stream: at least two, where it has two characters. A piece may end
 * between the parts of a joined emoji, never inside a code point.
 */
export function pieces(text: string): string[] {
  const points = [...text];
  const size = Math.max(1, Math.min(7, Math.ceil(points.length / 2)));
  const result: string[] = [];
  for (let from = 0; from < points.length; from += size)
    result.push(points.slice(from, from + size).join(""));
  return result;
}

/** Tokens of a text, guessed from its length. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
