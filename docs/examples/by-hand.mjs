// Step 3: a tool, and the loop. A whole agent: no package, and nothing of Eightfold's.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key, MODEL: model = "demo" } = process.env;
const messages = [];

const tools = [
  {
    type: "function",
    function: {
      name: "read_file",
      description: "Read a text file.",
      parameters: {
        type: "object",
        properties: { path: { type: "string", description: "Counted from the current folder." } },
        required: ["path"],
      },
    },
  },
];

const run = {
  read_file: ({ path }) => readFile(path, "utf8"),
};

async function ask() {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream: true, messages, tools }),
  });
  const reply = { role: "assistant", content: "" };
  const calls = [];
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    for (const line of chunk.split("\n")) {
      if (!line.startsWith("data: {")) continue;
      const { content, tool_calls = [] } = JSON.parse(line.slice("data: ".length)).choices[0].delta;
      if (content) process.stdout.write(content);
      reply.content += content ?? "";
      for (const piece of tool_calls) {
        calls[piece.index] ??= {
          id: piece.id,
          type: "function",
          function: { name: piece.function.name, arguments: "" },
        };
        calls[piece.index].function.arguments += piece.function.arguments ?? "";
      }
    }
  }
  process.stdout.write("\n");
  if (calls.length > 0) reply.tool_calls = calls;
  messages.push(reply);
  return calls;
}

async function turn(request) {
  messages.push({ role: "user", content: request });
  for (;;) {
    const calls = await ask();
    if (calls.length === 0) return;
    for (const call of calls) {
      console.log(`• ${call.function.name} ${call.function.arguments}`);
      const content = await run[call.function.name](JSON.parse(call.function.arguments));
      messages.push({ role: "tool", tool_call_id: call.id, content });
    }
  }
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
