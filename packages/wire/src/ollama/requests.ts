import type { GoType } from "./decode.ts";

/** The requests of Ollama's, https://github.com/ollama/ollama/blob/main/api/types.go */

const texts = { name: "[]string", listOf: "string" } as const;

const property: GoType = {
  name: "api.ToolProperty",
  struct: () => ({
    anyOf: { name: "[]api.ToolProperty", listOf: property },
    type: "any",
    items: "any",
    description: "string",
    enum: { name: "[]interface {}", listOf: "any" },
    properties: { name: "map[string]api.ToolProperty", mapOf: property },
    required: texts,
  }),
};

const tool: GoType = {
  name: "api.Tool",
  struct: () => ({
    type: "string",
    function: {
      name: "api.ToolFunction",
      told: "ToolFunction",
      struct: () => ({
        name: "string",
        description: "string",
        parameters: {
          name: "api.ToolFunctionParameters",
          told: "ToolFunctionParameters",
          struct: () => ({
            type: "string",
            required: texts,
            properties: { name: "map[string]api.ToolProperty", mapOf: property },
          }),
        },
      }),
    },
  }),
};

const message: GoType = {
  name: "api.Message",
  struct: () => ({
    role: "string",
    content: "string",
    thinking: "string",
    images: { name: "[]api.ImageData", listOf: "base64" },
    tool_name: "string",
    tool_call_id: "string",
    tool_calls: {
      name: "[]api.ToolCall",
      listOf: {
        name: "api.ToolCall",
        struct: () => ({
          id: "string",
          function: {
            name: "api.ToolCallFunction",
            struct: () => ({
              index: "int",
              name: "string",
              arguments: { name: "api.ToolCallFunctionArguments", mapOf: "any" },
            }),
          },
        }),
      },
    },
  }),
};

const common = {
  model: "string",
  stream: "bool",
  truncate: "bool",
  shift: "bool",
  logprobs: "bool",
  top_logprobs: "int",
  options: { name: "map[string]interface {}", mapOf: "any" },
} as const;

export const requests: Readonly<Record<"ChatRequest" | "GenerateRequest", GoType>> = {
  ChatRequest: {
    name: "api.ChatRequest",
    struct: () => ({
      ...common,
      messages: { name: "[]api.Message", listOf: message },
      tools: { name: "api.Tools", listOf: tool },
    }),
  },
  GenerateRequest: {
    name: "api.GenerateRequest",
    struct: () => ({
      ...common,
      prompt: "string",
      suffix: "string",
      system: "string",
      template: "string",
      context: { name: "[]int", listOf: "int" },
      raw: "bool",
      images: { name: "[]api.ImageData", listOf: "base64" },
    }),
  },
};

const kindOf = (names: string, kind: string) => names.split(" ").map((name) => [name, kind] as const);

/** What the model runs with, and of which type; other options are left out, with a line in the log. */
export const optionTypes: Readonly<Record<string, string>> = Object.fromEntries([
  ...kindOf(
    "num_ctx num_batch num_gpu main_gpu num_thread num_keep seed num_predict top_k repeat_last_n",
    "integer",
  ),
  ...kindOf("temperature top_p min_p typical_p repeat_penalty presence_penalty frequency_penalty", "float32"),
  ...kindOf("use_mmap", "boolean"),
  ...kindOf("stop", "array"),
]);
