/**
 * Loads an SDK, for the first request that needs it, and gives key presses and timers their turn before and after.
 * Node runs a chain of `await import()` without one, so a Ctrl-C during the first request would wait for every module
 * that it needs, 100 ms and more.
 */
export async function loadSdk<Sdk>(load: () => Promise<Sdk>): Promise<Sdk> {
  await letEventsIn();
  const sdk = await load();
  await letEventsIn();
  return sdk;
}

/** Two turns, because the first may come before the keyboard is looked at. */
function letEventsIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
