import { setTimeout as pause } from "node:timers/promises";

/** Far more than anything here takes, on a machine that does much else. */
const BOUND_MS = 20_000;

/** Waits until the condition holds. Throws when it does not in 20 s; `what` completes "waited for …". */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + BOUND_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${BOUND_MS / 1000} s for ${what}`);
    await pause(5);
  }
}

/** The promise's value. Throws when there is none in 20 s; `what` completes "waited for …". */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const clock = new AbortController();
  const late = pause(BOUND_MS, undefined, { signal: clock.signal }).then(() => {
    throw new Error(`waited ${BOUND_MS / 1000} s for ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clock.abort();
    late.catch(() => {});
  }
}
