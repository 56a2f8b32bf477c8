// A chat loop over Chat Completions in one file: no package, nothing of Eightfold's.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url, EIGHTFOLD_MODEL: model = "" } = process.env;
const messages = [];
process.once("SIGINT", () => process.exit(130));
process.stdout.on("error", () => process.exit(0));

async function turn(content) {
  messages.push({ role: "user", content });
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: model.replace("openai:", ""), stream: true, messages }),
  });
  if (!response.ok) throw new Error(`The service answered ${response.status}.`);
  const reply = { role: "assistant", content: "" };
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    if (!line.startsWith("data: {")) continue;
    const text = JSON.parse(line.slice(6)).choices[0]?.delta.content ?? "";
    reply.content += text;
    process.stdout.write(text);
  }
  messages.push(reply);
  process.stdout.write("\n");
}

const words = process.argv.slice(2);
if (words[0] === "--cwd") words.splice(0, 2);
try {
  console.error(`tiny agent, ${model}`);
  if (words.length > 0) await turn(words.join(" "));
  else {
    const input = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
    input.once("SIGINT", () => process.exit(130));
    input.prompt();
    for await (const line of input) {
      await turn(line);
      input.prompt();
    }
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
