// Naive: write beside the file, and rename. A crash leaves the old file or the new one.
import { rename, writeFile } from "node:fs/promises";

const [path, text] = process.argv.slice(2);
await writeFile(`${path}.new`, text);
await rename(`${path}.new`, path);
