import type { Request } from "./row.ts";

const inp = (...items: unknown[]) => ({ input: items });
const m = (content: unknown, role = "user", more = {}) => inp({ role, content, ...more });
const p = (part: unknown, role = "user") => m([part], role);
const user = { role: "user", content: "hi" };
const call = (more = {}) => ({
  type: "function_call",
  call_id: "call_a",
  name: "read_file",
  arguments: "{}",
  ...more,
});
const out = (more: object = { output: "x" }, c: unknown = call()) =>
  inp(user, c, { type: "function_call_output", call_id: "call_a", ...more });
const tool = (more: object) => ({
  tools: [
    { type: "function", name: "t", parameters: { type: "object", properties: {} }, strict: false, ...more },
  ],
});
const px = "data:image/png;base64,iVBORw0KGgo=";
/** What Responses takes and refuses, by the types of its SDK and its documented rules. */
export const responses: readonly Request[] = [
  ["string input", { input: "hello" }, "taken"],
  [
    "typed message",
    inp({ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }),
    "taken",
  ],
  ["developer", m("x", "developer"), "taken"],
  ["image url", p({ type: "input_image", image_url: px, detail: "auto" }), "taken"],
  ["image without detail", p({ type: "input_image", image_url: "https://x.org/a.png" }), "taken"],
  ["image file id", p({ type: "input_image", file_id: "file-abc", detail: "low" }), "taken"],
  [
    "image object url (chat's shape)",
    p({ type: "input_image", image_url: { url: px } }),
    /Invalid type for 'input\[0\]\.content\[0\]\.image_url'/,
  ],
  ["image detail wrong", p({ type: "input_image", image_url: px, detail: "huge" }), /Invalid value: 'huge'/],
  ["image with nothing", p({ type: "input_image" }), "refused"],
  ["chat image part", p({ type: "image_url", image_url: { url: px } }), /Invalid value: 'image_url'/],
  ["chat text part", p({ type: "text", text: "hi" }), /Invalid value: 'text'\. Supported values are: /],
  [
    "file data",
    p({ type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" }),
    "taken",
  ],
  ["file id", p({ type: "input_file", file_id: "file-abc" }), "taken"],
  ["file url", p({ type: "input_file", file_url: "https://x.org/a.pdf" }), "taken"],
  ["text number", p({ type: "input_text", text: 5 }), /Invalid type for 'input\[0\]\.content\[0\]\.text'/],
  ["text missing", p({ type: "input_text" }), /Missing required parameter: 'input\[0\]\.content\[0\]\.text'/],
  [
    "part extra",
    p({ type: "input_text", text: "a", foo: 1 }),
    /Unknown parameter: 'input\[0\]\.content\[0\]\.foo'/,
  ],
  [
    "part cache breakpoint",
    p({ type: "input_text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }),
    "taken",
  ],
  ["part string", m(["hi"]), "refused"],
  ["content null", m(null), "refused"],
  ["content empty list", m([]), "taken"],
  ["content empty string", m(""), "taken"],
  ["assistant easy string", inp(user, { role: "assistant", content: "hi" }, user), "taken"],
  [
    "assistant input_text",
    inp(user, { role: "assistant", content: [{ type: "input_text", text: "a" }] }),
    /Invalid value: 'input_text'\. Supported values are: 'output_text' and 'refusal'/,
  ],
  ["user output_text", p({ type: "output_text", text: "a" }), "refused"],
  [
    "output_text with logprobs, annotations",
    inp(
      user,
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        status: "completed",
        content: [{ type: "output_text", text: "a", annotations: [], logprobs: [] }],
      },
      user,
    ),
    "taken",
  ],
  ["role tool", m("x", "tool"), /Invalid value: 'tool'/],
  ["role missing", inp({ content: "x" }), "refused"],
  [
    "message extra tool_calls",
    inp({ role: "assistant", content: "x", tool_calls: [] }),
    /Unknown parameter: 'input\[0\]\.tool_calls'/,
  ],
  ["phase wrong", inp(user, { role: "assistant", content: "a", phase: "middle" }, user), "refused"],
  ["call ok", out(), "taken"],
  [
    "call args object",
    out({ output: "x" }, call({ arguments: {} })),
    /Invalid type for 'input\[1\]\.arguments'/,
  ],
  [
    "call no call_id",
    out({ output: "x" }, call({ call_id: undefined })),
    /Missing required parameter: 'input\[1\]\.call_id'/,
  ],
  ["call_id 65", inp(user, call({ call_id: "c".repeat(65) })), "refused"],
  [
    "call_id empty",
    inp(user, call({ call_id: "" }), { type: "function_call_output", call_id: "", output: "x" }),
    "refused",
  ],
  ["call name with dot", out({ output: "x" }, call({ name: "a.b" })), "refused"],
  ["call name empty", out({ output: "x" }, call({ name: "" })), "refused"],
  ["call status in_progress", out({ output: "x" }, call({ status: "in_progress" })), "taken"],
  [
    "output list",
    out({
      output: [
        { type: "input_text", text: "x" },
        { type: "input_image", image_url: px },
      ],
    }),
    "taken",
  ],
  ["output empty string", out({ output: "" }), "taken"],
  ["output object", out({ output: { a: 1 } }), "refused"],
  ["output null", out({ output: null }), "refused"],
  ["output list of chat text", out({ output: [{ type: "text", text: "x" }] }), "refused"],
  ["output list of output_text", out({ output: [{ type: "output_text", text: "x" }] }), "refused"],
  [
    "output is_error extra",
    out({ output: "x", is_error: true }),
    /Unknown parameter: 'input\[2\]\.is_error'/,
  ],
  ["item unknown type", inp(user, { type: "tool_result", call_id: "x" }), /Invalid value: 'tool_result'/],
  ["item number", inp(5), "refused"],
  ["input number", { input: 5 }, "refused"],
  ["input object", { input: { role: "user", content: "hi" } }, "refused"],
  ["input empty list", { input: [], instructions: "x" }, "refused"],
  ["store word", { store: "no" }, /Invalid type for 'store'/],
  ["stream word", { stream: "true" }, /Invalid type for 'stream'/],
  ["instructions list", { instructions: ["a"] }, /Invalid type for 'instructions'/],
  ["instructions null", { instructions: null }, "taken"],
  ["parallel word", { parallel_tool_calls: "yes" }, /Invalid type for 'parallel_tool_calls'/],
  ["metadata", { metadata: { a: "b" } }, "taken"],
  ["metadata number value", { metadata: { a: 1 } }, /Invalid type for 'metadata\.a'/],
  [
    "metadata 17 keys",
    { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, "v"])) },
    "refused",
  ],
  ["metadata long value", { metadata: { a: "b".repeat(513) } }, "refused"],
  ["service tier", { service_tier: "flex" }, "taken"],
  ["service tier wrong", { service_tier: "fast lane" }, "refused"],
  ["stream_options with stream", { stream_options: { include_obfuscation: false } }, "taken"],
  [
    "stream_options chat's",
    { stream_options: { include_usage: true } },
    /Unknown parameter: 'stream_options\.include_usage'/,
  ],
  [
    "stream_options without stream",
    { stream: false, stream_options: { include_obfuscation: false } },
    "refused",
  ],
  ["stop", { stop: ["x"] }, "refused"],
  ["n", { n: 2 }, "refused"],
  ["max_completion_tokens", { max_completion_tokens: 100 }, "refused"],
  ["reasoning_effort (chat's)", { reasoning_effort: "low" }, "refused"],
  ["reasoning extra", { reasoning: { effort: "low", foo: 1 } }, /Unknown parameter: 'reasoning\.foo'/],
  ["reasoning string", { reasoning: "low" }, /Invalid type for 'reasoning'/],
  ["reasoning generate_summary", { reasoning: { generate_summary: "auto" } }, "taken"],
  ["text extra", { text: { foo: 1 } }, /Unknown parameter: 'text\.foo'/],
  [
    "text format name with space",
    {
      text: {
        format: {
          type: "json_schema",
          name: "a b",
          schema: { type: "object", properties: {}, additionalProperties: false },
        },
      },
    },
    "refused",
  ],
  [
    "text format chat's nesting",
    { text: { format: { type: "json_schema", json_schema: { name: "a", schema: {} } } } },
    "refused",
  ],
  ["previous and conversation", { previous_response_id: "resp_x", conversation: "conv_x" }, "refused"],
  ["choice named", { tool_choice: { type: "function", name: "read_file" } }, "taken"],
  [
    "choice chat's",
    { tool_choice: { type: "function", function: { name: "read_file" } } },
    /Missing required parameter: 'tool_choice\.name'|Unknown parameter: 'tool_choice\.function'/,
  ],
  [
    "choice allowed",
    {
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "read_file" }] },
    },
    "taken",
  ],
  ["choice any (anthropic's)", { tool_choice: "any" }, "refused"],
  ["choice required without tools", { tools: undefined, tool_choice: "required" }, "refused"],
  ["choice auto without tools", { tools: undefined, tool_choice: "auto" }, "taken"],
  ["tools empty", { tools: [] }, "taken"],
  [
    "tool chat's nesting",
    { tools: [{ type: "function", function: { name: "t", parameters: {} } }] },
    /Missing required parameter: 'tools\[0\]\.name'/,
  ],
  ["tool extra", tool({ foo: 1 }), /Unknown parameter: 'tools\[0\]\.foo'/],
  ["tool name dots", tool({ name: "a.b" }), "refused"],
  ["tool name 64", tool({ name: "a".repeat(64) }), "taken"],
  ["tool name 65+", tool({ name: "a".repeat(129) }), "refused"],
  ["tool no parameters", tool({ parameters: undefined }), "taken"],
  ["tool parameters null", tool({ parameters: null }), "taken"],
  ["tool strict word", tool({ strict: "yes" }), "refused"],
  [
    "tool schema ok",
    tool({ parameters: { type: "object", properties: { a: { type: "array", items: { type: "string" } } } } }),
    "taken",
  ],
  ["web search", { tools: [{ type: "web_search" }] }, "taken"],
  [
    "mcp",
    { tools: [{ type: "mcp", server_label: "a", server_url: "https://x.org", require_approval: "never" }] },
    "taken",
  ],
  ["custom tool", { tools: [{ type: "custom", name: "c", format: { type: "text" } }] }, "taken"],
  ["safety_identifier 65", { safety_identifier: "s".repeat(65) }, "refused"],
  ["user", { user: "u" }, "taken"],
  ["truncation", { truncation: "auto" }, "taken"],
  [
    "temperature string",
    { model: "gpt-4.1", reasoning: undefined, include: undefined, temperature: "1" },
    "refused",
  ],
  ["include unknown", { include: ["reasoning"] }, "refused"],
  ["max_output_tokens 16", { max_output_tokens: 16 }, "taken"],
  ["array body", "[]", "refused"],
];
