// Naive: a file is what readFile returns.
import { readFile } from "node:fs/promises";

const text = await readFile(process.argv[2], "utf8");
const lost = text.split("\uFFFD").length - 1;
console.log(`${text.length} characters, of which ${lost} are \uFFFD`);
console.log(text.slice(0, 60));
