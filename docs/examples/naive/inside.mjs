// Naive: a path is inside when it begins like the folder.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

async function readInside(root, path) {
  const absolute = resolve(root, path);
  if (!absolute.startsWith(resolve(root))) return `${path} is outside of ${root}.`;
  return await readFile(absolute, "utf8");
}

const [root, ...paths] = process.argv.slice(2);
for (const path of paths) console.log(`${path}: ${(await readInside(root, path)).trim()}`);
