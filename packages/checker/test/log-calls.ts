import { appendFileSync, existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Preloaded with `node --import`, it writes a line to the file in CALLED_FUNCTIONS when one of the functions in
 * WATCHED_FUNCTIONS is called for the first time: `path function`.
 */
const log = process.env.CALLED_FUNCTIONS ?? "";
const watched: { path: string; name: string; start: number; end: number; isBlock: boolean }[] = JSON.parse(
  process.env.WATCHED_FUNCTIONS ?? "[]",
);
const called = new Set<string>();
Object.assign(globalThis, {
  logCall(label: string) {
    if (called.has(label)) return;
    called.add(label);
    appendFileSync(log, `${label}\n`);
  },
});

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const path = url.startsWith("file:") ? fileURLToPath(url) : "";
    const inFile = watched.filter((each) => existsSync(path) && path.endsWith(`/${each.path}`));
    if (inFile.length === 0) return loaded;
    let source = String(loaded.source);
    for (const { path, name, start, end, isBlock } of inFile.toSorted((a, b) => b.start - a.start)) {
      const call = `globalThis.logCall(${JSON.stringify(`${path} ${name}`)})`;
      const body = source.slice(start, end);
      const watchedBody = isBlock ? `{ ${call}; ${body.slice(1)}` : `(${call}, ${body})`;
      source = source.slice(0, start) + watchedBody + source.slice(end);
    }
    return { ...loaded, source };
  },
});
