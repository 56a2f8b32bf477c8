// Naive: read, replace, write.
import { readFile, writeFile } from "node:fs/promises";

const [path, oldText, newText] = process.argv.slice(2);
const before = await readFile(path, "utf8");
await writeFile(path, before.replace(oldText, newText));
console.log(`Edited ${path}.`);
