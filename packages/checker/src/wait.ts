import { setTimeout as pause } from "node:timers/promises";

/** How long to wait for anything: far more than it takes, on a machine that does much else. */
export const patience = { ms: 20_000 };

/** Waits until the condition holds. Throws when patience ends; `what` completes "waited for …". */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patience.ms;
  while (!(await condition())) {
    if (Date.now() > end) throw outOfPatience(what);
    await pause(5);
  }
}

/** The promise's value. Throws when patience ends; `what` completes "waited for …". */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const clock = new AbortController();
  const late = pause(patience.ms, undefined, { signal: clock.signal }).then(() => {
    throw outOfPatience(what);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clock.abort();
    late.catch(() => {});
  }
}

function outOfPatience(what: string): Error {
  return new Error(`waited ${patience.ms / 1000} s for ${what}`);
}
