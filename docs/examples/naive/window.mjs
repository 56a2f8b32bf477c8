// Naive: of a long conversation, the last messages are sent.
const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;

const call = (id, path) => ({
  id,
  type: "function",
  function: { name: "read_file", arguments: JSON.stringify({ path }) },
});
const messages = [
  { role: "user", content: "Fix the parser, and leave the tests alone." },
  { role: "assistant", tool_calls: [call("call_1", "src/recipe.js")] },
  { role: "tool", tool_call_id: "call_1", content: "export function parse(text) { …" },
  { role: "assistant", tool_calls: [call("call_2", "test/recipe.test.js")] },
  { role: "tool", tool_call_id: "call_2", content: "test('parses', () => { …" },
];

for (const count of [3, 2]) {
  const kept = messages.slice(-count);
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "demo", messages: kept }),
  });
  const { error } = await response.json();
  console.log(`the last ${count}: ${kept.map(({ role }) => role).join(", ")}`);
  console.log(`  ${response.status} ${error?.message ?? "and the request is not among them"}`);
}
