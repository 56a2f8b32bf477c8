// Step 2: keep what was said, and send all of it again.
import { createInterface } from "node:readline";

const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key, MODEL: model = "demo" } = process.env;
const messages = [];

async function ask() {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream: true, messages }),
  });
  const reply = { role: "assistant", content: "" };
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    for (const line of chunk.split("\n")) {
      if (!line.startsWith("data: {")) continue;
      const { content } = JSON.parse(line.slice("data: ".length)).choices[0].delta;
      if (content) process.stdout.write(content);
      reply.content += content ?? "";
    }
  }
  process.stdout.write("\n");
  messages.push(reply);
}

async function turn(request) {
  messages.push({ role: "user", content: request });
  await ask();
}

const words = process.argv.slice(2);
if (words.length > 0) await turn(words.join(" "));
else {
  process.stdout.write("> ");
  for await (const line of createInterface({ input: process.stdin })) {
    await turn(line);
    process.stdout.write("> ");
  }
}
