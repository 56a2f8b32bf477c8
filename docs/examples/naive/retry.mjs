// Naive: whatever went wrong, ask again in a second.
const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key, MODEL: model = "demo" } = process.env;

async function ask(content) {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream: true, messages: [{ role: "user", content }] }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  let [left, done] = ["", false];
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (left + piece).split("\n");
    left = lines.pop();
    for (const line of lines) {
      if (line === "data: [DONE]") done = true;
      if (!line.startsWith("data: {")) continue;
      process.stdout.write(JSON.parse(line.slice(6)).choices[0].delta.content ?? "");
    }
  }
  if (!done) throw new Error("the connection was lost");
}

async function askUntilAnswered(content) {
  for (;;) {
    try {
      return await ask(content);
    } catch (error) {
      console.error(`[${error.message}; asking again]`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

await askUntilAnswered(process.argv[2]);
process.stdout.write("\n");
