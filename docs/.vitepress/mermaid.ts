import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";

/**
 * Mermaid's own modules as they are: compiled with the site they would take twenty seconds, and of its one bundle a diagram
 * needs a sixth.
 */
export function mermaidFiles(): Record<string, () => string> {
  const folder = dirname(createRequire(import.meta.url).resolve("mermaid"));
  const files = new Map<string, string>();
  const add = (name: string) => {
    if (files.has(name)) return;
    const text = readFileSync(join(folder, name), "utf8");
    files.set(name, text);
    for (const [, path = ""] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*"(\.[^"]+\.mjs)"/g))
      add(posix.join(posix.dirname(name), path));
  };
  add("mermaid.esm.min.mjs");
  return Object.fromEntries([...files].map(([name, text]) => [`vendor/mermaid/${name}`, () => text]));
}
