// Naive: bytes become text piece by piece.
const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;

const response = await fetch(`${url}/chat/completions`, {
  method: "POST",
  headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  body: JSON.stringify({
    model: "demo",
    stream: true,
    messages: [{ role: "user", content: process.argv[2] }],
  }),
});

let left = "";
for await (const bytes of response.body) {
  const lines = (left + Buffer.from(bytes).toString()).split("\n");
  left = lines.pop();
  for (const line of lines) {
    if (!line.startsWith("data: {")) continue;
    process.stdout.write(JSON.parse(line.slice(6)).choices[0].delta.content ?? "");
  }
}
process.stdout.write("\n");
