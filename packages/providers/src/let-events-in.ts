/**
 * Gives key presses and timers their turn between two imports. Node runs a chain of `await import()` without one, so
 * a Ctrl-C during the first request would wait for every module that it needs, 100 ms and more. Two turns, because
 * the first may come before the keyboard is looked at.
 */
export function letEventsIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
