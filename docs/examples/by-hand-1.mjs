// Step 1: send, and read the stream.
const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key, MODEL: model = "demo" } = process.env;

async function ask(messages) {
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
  return reply;
}

await ask([{ role: "user", content: process.argv.slice(2).join(" ") }]);
