import type { Message } from "ollama";

/**
 * Whether the server left out a part of what it was sent. It does so without a word where `truncate: false` is not
 * known to it, and counts only what it kept. `counted` is its own count of input tokens: it covers the whole prompt
 * since 2024, but for 0.30.0, which left out what was cached. Hence the second condition: a conversation that is
 * short against the context is never called truncated.
 */
export function isTruncated(
  messages: readonly Message[],
  counted: number | undefined,
  contextTokens: number,
): boolean {
  if (counted === undefined) return false;
  const fewest = messages.reduce((sum, { content }) => sum + fewestTokens(content), 0);
  return counted < fewest && fewest > contextTokens / 2;
}

/**
 * A number of tokens that no tokenizer can stay below: tokens span neither two words nor a word and the number
 * behind it. Real counts are higher, by a third in English, and severalfold in scripts without spaces.
 */
export function fewestTokens(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/[^\s\p{L}\p{M}\p{N}]?[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]+/gu)) count++;
  return count;
}
