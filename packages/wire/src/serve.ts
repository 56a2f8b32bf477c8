import { readFile } from "node:fs/promises";
import { dialects, type ScriptedReply, startWire } from "./index.ts";

/**
 * `node packages/wire/src/serve.ts DIALECT SCRIPT.json` serves a script, a JSON list of replies, until it is
 * stopped. It prints the environment that points an agent at the server, and on stderr what the agent would do better.
 */
const [wanted, file = ""] = process.argv.slice(2);
const dialect = dialects.find((name) => name === wanted);
const replies = await readReplies(file);

if (dialect === undefined || replies === undefined) {
  console.error(`usage: node packages/wire/src/serve.ts ${dialects.join("|")} SCRIPT.json`);
  console.error('SCRIPT.json is a list of replies: [{ "text": "hello" }]');
  process.exitCode = 2;
} else {
  const { env } = await startWire(dialect, ({ advice }, index) => {
    for (const words of advice) console.error(`advice: ${words}`);
    return replies[index];
  });
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  console.log(lines.join("\n"));
}

async function readReplies(path: string): Promise<ScriptedReply[] | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
