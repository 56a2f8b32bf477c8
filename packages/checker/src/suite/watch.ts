/** Checks an agent again and again, whenever a file of the folder changes. */
import { watch } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Editors write a file in several steps. */
const SETTLE_MS = 200;

/** Never returns by itself: Ctrl-C ends it. `check` is given what failed the last time. */
export async function watchAgent(
  folder: string,
  check: (failed: readonly string[]) => Promise<{ failed: string[] }>,
): Promise<never> {
  let failed: readonly string[] = [];
  for (;;) {
    const changed = nextChange(folder);
    ({ failed } = await check(failed));
    process.stdout.write("\nWaiting for a change. Ctrl-C leaves.\n");
    await changed;
    await pause(SETTLE_MS);
    process.stdout.write("\n");
  }
}

async function nextChange(folder: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(folder, { recursive: true }, (_, name) => {
      if (name !== null && /(^|\/)(\.git|node_modules|__pycache__)(\/|$)/.test(name)) return;
      watcher.close();
      resolve();
    });
  });
}
