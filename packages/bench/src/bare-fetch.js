// The least that a program can do for one request: JavaScript, so that no types are stripped, and nothing but fetch.
import { readFileSync } from "node:fs";

const { url, headers, body } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const response = await fetch(url, { method: "POST", headers, body });
const decoder = new TextDecoder();
let text = "";
for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
if (!response.ok || text === "") throw new Error(`${response.status}: ${text}`);
