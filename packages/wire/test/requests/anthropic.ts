import type { Request } from "./row.ts";

const u = (content: unknown) => ({ messages: [{ role: "user", content }] });
const b = (block: unknown) => u([block]);
const px = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const img = (source: unknown, more = {}) => b({ type: "image", source, ...more });
const doc = (source: unknown, more = {}) => b({ type: "document", source, ...more });
const t = (more: object) => b({ type: "text", text: "a", ...more });
const call = (more = {}) => ({ type: "tool_use", id: "toolu_a", name: "read_file", input: {}, ...more });
const res = (more: object, c: unknown = call()) => ({
  messages: [
    { role: "user", content: "go" },
    { role: "assistant", content: [c] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_a", ...more }] },
  ],
});
const asst = (content: unknown) => ({
  messages: [
    { role: "user", content: "go" },
    { role: "assistant", content },
    { role: "user", content: "on" },
  ],
});
const tool = (more: object) => ({ tools: [{ name: "t", input_schema: { type: "object" }, ...more }] });
const old = {
  init: { headers: { "x-api-key": "sk-ant-wire-0123456789abcdef", "anthropic-version": "2023-06-01" } },
};
const o = (more: object) => ({ model: "claude-sonnet-4-5", thinking: undefined, max_tokens: 2000, ...more });
/** What the Messages API takes and refuses, by the types of its SDK and its documented rules. */
export const anthropic: readonly Request[] = [
  ["image base64", img({ type: "base64", media_type: "image/png", data: px }), "taken"],
  ["image url", img({ type: "url", url: "https://x.org/a.png" }), "taken"],
  ["image tiff", img({ type: "base64", media_type: "image/tiff", data: px }), "refused"],
  ["image no source", b({ type: "image" }), /image\.source: Field required/],
  ["image no data", img({ type: "base64", media_type: "image/png" }), "refused"],
  ["image bad source type", img({ type: "path", path: "/x" }), "refused"],
  ["image openai shape", b({ type: "image_url", image_url: { url: "x" } }), "refused"],
  ["doc pdf", doc({ type: "base64", media_type: "application/pdf", data: "JVBERi0=" }), "taken"],
  [
    "doc text",
    doc(
      { type: "text", media_type: "text/plain", data: "hello" },
      { title: "T", context: "c", citations: { enabled: true } },
    ),
    "taken",
  ],
  ["doc url", doc({ type: "url", url: "https://x.org/a.pdf" }), "taken"],
  ["doc content", doc({ type: "content", content: "abc" }), "taken"],
  ["doc no source", b({ type: "document" }), "refused"],
  ["doc text html", doc({ type: "text", media_type: "text/html", data: "x" }), "refused"],
  ["cc 5m", t({ cache_control: { type: "ephemeral", ttl: "5m" } }), "taken"],
  ["cc 1h", t({ cache_control: { type: "ephemeral", ttl: "1h" } }), "taken"],
  ["cc null", t({ cache_control: null }), "taken"],
  ["cc 2h", t({ cache_control: { type: "ephemeral", ttl: "2h" } }), "refused"],
  ["cc persistent", t({ cache_control: { type: "persistent" } }), "refused"],
  ["cc true", t({ cache_control: true }), "refused"],
  ["top cc", { cache_control: { type: "ephemeral" } }, "taken"],
  ["top cc wrong", { cache_control: { type: "forever" } }, "refused"],
  ["text extra", t({ foo: 1 }), /messages\.0\.content\.0\.text\.foo: Extra inputs are not permitted/],
  ["text citations null", t({ citations: null }), "taken"],
  ["text number", t({ text: 5 }), "refused"],
  ["string of spaces", u("   "), /non-whitespace/],
  ["content null", u(null), "refused"],
  ["content number", u(5), "refused"],
  [
    "tool_use extra (index)",
    res({ content: "x" }, call({ index: 0 })),
    /tool_use\.index: Extra inputs are not permitted/,
  ],
  ["tool_use caller", res({ content: "x" }, call({ caller: { type: "direct" } })), "taken"],
  ["tool_use cc", res({ content: "x" }, call({ cache_control: { type: "ephemeral" } })), "taken"],
  ["tool_use name with dot", res({ content: "x" }, call({ name: "a.b" })), "refused"],
  ["tool_use name empty", res({ content: "x" }, call({ name: "" })), "refused"],
  ["tool_use input list", res({ content: "x" }, call({ input: [] })), "refused"],
  [
    "tool_use no input",
    res({ content: "x" }, { type: "tool_use", id: "toolu_a", name: "read_file" }),
    "refused",
  ],
  ["result no content", res({}), "taken"],
  ["result empty string", res({ content: "" }), "taken"],
  ["result empty list", res({ content: [] }), "taken"],
  ["result object", res({ content: { text: "x" } }), "refused"],
  ["result number", res({ content: 5 }), "refused"],
  ["result is_error true", res({ content: "x", is_error: true }), "taken"],
  ["result is_error string", res({ content: "x", is_error: "very" }), "refused"],
  [
    "result name extra",
    res({ content: "x", name: "read_file" }),
    /tool_result\.name: Extra inputs are not permitted/,
  ],
  [
    "result image",
    res({ content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: px } }] }),
    "taken",
  ],
  ["result image wrong", res({ content: [{ type: "image", data: px }] }), "refused"],
  ["result empty text block", res({ content: [{ type: "text", text: "" }] }), "refused"],
  [
    "result twice",
    {
      messages: [
        { role: "user", content: "go" },
        { role: "assistant", content: [call()] },
        {
          role: "user",
          content: [1, 2].map(() => ({ type: "tool_result", tool_use_id: "toolu_a", content: "x" })),
        },
      ],
    },
    "refused",
  ],
  ["assistant image", asst([{ type: "image", source: { type: "url", url: "https://x" } }]), "refused"],
  ["tool_use in user", b(call()), "refused"],
  ["tool_result in assistant", asst([{ type: "tool_result", tool_use_id: "a", content: "" }]), "refused"],
  [
    "assistant first",
    {
      messages: [
        { role: "assistant", content: "hi" },
        { role: "user", content: "on" },
      ],
    },
    "taken",
  ],
  [
    "two users",
    {
      messages: [
        { role: "user", content: "a" },
        { role: "user", content: "b" },
      ],
    },
    "taken",
  ],
  [
    "system first in messages",
    {
      messages: [
        { role: "system", content: "a" },
        { role: "user", content: "b" },
      ],
    },
    "refused",
  ],
  ["role tool", { messages: [{ role: "tool", content: "a" }] }, "refused"],
  ["role missing", { messages: [{ content: "a" }] }, "refused"],
  [
    "message extra",
    { messages: [{ role: "user", content: "a", name: "bob" }] },
    /messages\.0\.name: Extra inputs/,
  ],
  ["system list", { system: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }] }, "taken"],
  ["system empty list", { system: [] }, "taken"],
  ["system extra", { system: [{ type: "text", text: "a", foo: 1 }] }, "refused"],
  ["system object", { system: { text: "a" } }, "refused"],
  ["system image", { system: [{ type: "image", source: { type: "url", url: "https://x" } }] }, "refused"],
  ["max_tokens string", { max_tokens: "100" }, "refused"],
  ["max_tokens float", { max_tokens: 1.5 }, "refused"],
  ["max_tokens neg", { max_tokens: -1 }, "refused"],
  ["max_tokens null", { max_tokens: null }, "refused"],
  ["stop ok", { stop_sequences: ["END"] }, "taken"],
  ["stop string", { stop_sequences: "END" }, "refused"],
  ["stop blank", { stop_sequences: [" "] }, /stop_sequences/],
  ["stop number", { stop_sequences: [5] }, "refused"],
  ["metadata", { metadata: { user_id: "u" } }, "taken"],
  ["metadata null id", { metadata: { user_id: null } }, "taken"],
  ["metadata extra", { metadata: { session: "u" } }, /metadata\.session: Extra inputs/],
  ["metadata string", { metadata: "u" }, "refused"],
  ["stream word", { stream: "yes please" }, "refused"],
  ["service_tier", { service_tier: "standard_only" }, "taken"],
  ["service_tier wrong", { service_tier: "flex" }, "refused"],
  ["tools empty", { tools: [] }, "taken"],
  ["tools object", { tools: {} }, "refused"],
  ["tool type custom", tool({ type: "custom" }), "taken"],
  [
    "tool strict, cc, description",
    tool({
      strict: true,
      cache_control: { type: "ephemeral" },
      description: "d",
      eager_input_streaming: true,
      defer_loading: false,
      input_examples: [{}],
      allowed_callers: ["direct"],
    }),
    "taken",
  ],
  ["tool parameters extra", tool({ parameters: {} }), /tools\.0\.custom\.parameters: Extra inputs/],
  [
    "tool openai shape",
    { tools: [{ type: "function", function: { name: "t", parameters: { type: "object" } } }] },
    "refused",
  ],
  ["tool description number", tool({ description: 5 }), "refused"],
  ["tool name 128", tool({ name: "a".repeat(128) }), "taken"],
  ["tool name 129", tool({ name: "a".repeat(129) }), "refused"],
  ["tool name missing", tool({ name: undefined }), /name: Field required/],
  ["tool schema true", tool({ input_schema: true }), "refused"],
  ["choice auto no parallel", { tool_choice: { type: "auto", disable_parallel_tool_use: true } }, "taken"],
  ["choice none", { tool_choice: { type: "none" } }, "taken"],
  ["choice extra", { tool_choice: { type: "auto", name: "x" } }, "refused"],
  ["choice string parallel", { tool_choice: { type: "auto", disable_parallel_tool_use: "oui" } }, "refused"],
  [
    "format",
    {
      output_config: {
        format: {
          type: "json_schema",
          schema: { type: "object", properties: {}, additionalProperties: false },
        },
      },
    },
    "taken",
  ],
  ["format json_object", { output_config: { format: { type: "json_object" } } }, "refused"],
  ["output_config extra", { output_config: { verbosity: "low" } }, "refused"],
  ["output_config string", { output_config: "low" }, "refused"],
  ["unknown root", { foo: 1 }, /foo: Extra inputs/],
  ["openai max", { max_completion_tokens: 5 }, "refused"],
  ["old top_p 2", o({ top_p: 2 }), "refused", old],
  ["old top_k -1", o({ top_k: -1 }), "refused", old],
  ["old top_k 5", o({ top_k: 5 }), "taken", old],
  ["old temperature 1.0", o({ temperature: 1 }), "taken", old],
  ["old version new model temp .5", { temperature: 0.5 }, "refused", old],
  ["model number", { model: 5 }, "refused"],
  ["model empty", { model: "" }, "refused"],
  ["thinking no type", { thinking: {} }, "refused"],
  ["messages object", { messages: {} }, "refused"],
  [
    "search result",
    b({
      type: "search_result",
      source: "s",
      title: "t",
      content: [{ type: "text", text: "a" }],
      citations: { enabled: true },
    }),
    "taken",
  ],
  ["search result no content", b({ type: "search_result", source: "s", title: "t" }), "refused"],
  ["container upload", b({ type: "container_upload", file_id: "file_x" }), "taken"],
  ["tool_result id pattern", res({ tool_use_id: "a b" }), "refused"],
  ["array body", "[]", "refused"],
  ["not json", "{", "refused"],
];
