// Naive: read every file, and try the pattern on each of its lines.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const [root, source] = process.argv.slice(2);
const pattern = new RegExp(source);

for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const lines = (await readFile(path, "utf8")).split("\n");
  for (const [index, line] of lines.entries()) {
    if (pattern.test(line)) console.log(`${path}:${index + 1}: ${line}`);
  }
}
