import { setTimeout as pause } from "node:timers/promises";

/** How long to wait for any sign of life: far more than it takes, on a machine that does much else. */
export const patience = { ms: 20_000 };

/** An agent that shows signs of life and never gets there is given up after that many patiences. */
const LONGEST = 5;

/**
 * Waits until the condition holds. Throws when patience ends; `what` completes "waited for …".
 * @param longest after how many patiences it is given up, signs or not
 * @param sign of life: patience begins again whenever it changes, so that a slow machine fails no long check
 */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  sign: () => unknown = () => "",
  longest = LONGEST,
): Promise<void> {
  const start = Date.now();
  let since = start;
  let seen = sign();
  while (!(await condition())) {
    const now = Date.now();
    const seenNow = sign();
    if (seenNow !== seen) since = now;
    seen = seenNow;
    if (now - since > patience.ms) throw outOfPatience(what, patience.ms);
    if (now - start > longest * patience.ms) throw outOfPatience(what, longest * patience.ms);
    await pause(5);
  }
}

/** The promise's value. Throws when patience ends, as {@link waitFor} does. */
export async function within<T>(
  what: string,
  promise: Promise<T>,
  sign?: () => unknown,
  longest?: number,
): Promise<T> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await waitFor(what, () => settled, sign, longest);
  return promise;
}

function outOfPatience(what: string, ms: number): Error {
  return new Error(`waited ${ms / 1000} s for ${what}`);
}

/** A sign of life in what is printed: where its last line ends. A spinner is none: it goes on in an agent that hangs. */
export function endOfLines(text: string): number {
  return text.lastIndexOf("\n");
}
