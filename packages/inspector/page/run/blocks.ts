/** A part of a request, or a reply, laid out for reading: texts, thoughts, calls and results, from every dialect. */
import { listOf, parsed, recordOf, textOf } from "./values.ts";

export type Block =
  | { readonly kind: "text" | "thought"; readonly text: string }
  | { readonly kind: "call"; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly kind: "result"; readonly id: string; readonly name: string; readonly text: string }
  | { readonly kind: "tool"; readonly name: string; readonly text: string; readonly schema: unknown }
  /** What is not understood, as it was sent. */
  | { readonly kind: "json"; readonly value: unknown };

/** Of a message, a block of one, an item, or the declaration of a tool. */
export function blocksOf(value: unknown): Block[] {
  if (typeof value === "string") return value === "" ? [] : [{ kind: "text", text: value }];
  if (Array.isArray(value)) return value.flatMap(blocksOf);
  const read = readers.map((reader) => reader(recordOf(value))).find((blocks) => blocks !== undefined);
  return read ?? [{ kind: "json", value }];
}

export function blocksOfText(json: string): Block[] {
  return blocksOf(parsed(json) ?? json);
}

type Reader = (value: Readonly<Record<string, unknown>>) => Block[] | undefined;

const result = (id: unknown, name: unknown, content: unknown): Block[] => {
  const texts = blocksOf(content).map((block) => (block.kind === "text" ? block.text : textOf(content)));
  return [{ kind: "result", id: textOf(id), name: textOf(name), text: texts.join("\n") }];
};

const call = (id: unknown, name: unknown, input: unknown): Block => {
  const known = typeof input === "string" ? (parsed(input) ?? input) : input;
  return { kind: "call", id: textOf(id), name: textOf(name), input: known };
};

const thought = (text: unknown): Block => ({
  kind: "thought",
  text: textOf(text) || "(encrypted, or not sent)",
});

/** The first that knows the value reads it. */
const readers: readonly Reader[] = [
  // Anthropic, Responses: blocks and items by their type
  ({ type, text }) => (/^(?:input_|output_|summary_)?text$/.test(textOf(type)) ? blocksOf(text) : undefined),
  ({ type, id, name, input }) => (type === "tool_use" ? [call(id, name, input)] : undefined),
  ({ type, tool_use_id, content }) => (type === "tool_result" ? result(tool_use_id, "", content) : undefined),
  ({ type, thinking }) => (/thinking$/.test(textOf(type)) ? [thought(thinking)] : undefined),
  ({ type, summary }) =>
    type === "reasoning"
      ? [
          thought(
            listOf(summary)
              .map((each) => textOf(recordOf(each).text))
              .join("\n"),
          ),
        ]
      : undefined,
  ({ type, call_id, name, arguments: input }) =>
    type === "function_call" ? [call(call_id, name, input)] : undefined,
  ({ type, call_id, output }) => (type === "function_call_output" ? result(call_id, "", output) : undefined),
  // Gemini's parts
  ({ thought: isThought, text }) => (isThought === true ? [thought(text)] : undefined),
  ({ functionCall }) => {
    const { id, name, args } = recordOf(functionCall);
    return functionCall ? [call(id, name, args)] : undefined;
  },
  ({ functionResponse }) => {
    const { id, name, response } = recordOf(functionResponse);
    const { output, result: text, error } = recordOf(response);
    return functionResponse ? result(id, name, output ?? text ?? error ?? response) : undefined;
  },
  ({ parts }) => (Array.isArray(parts) ? blocksOf(parts) : undefined),
  // declarations
  ({ type, function: declared }) =>
    type === "function" && recordOf(declared).name ? blocksOf(declared) : undefined,
  ({ name, description, parameters, input_schema, parametersJsonSchema }) => {
    const schema = parameters ?? input_schema ?? parametersJsonSchema;
    const isTool = typeof name === "string" && (schema !== undefined || description !== undefined);
    return isTool ? [{ kind: "tool", name, text: textOf(description), schema }] : undefined;
  },
  // messages: Chat, Ollama, the demo
  ({ role, tool_call_id, callId, tool_name, name, content, text }) =>
    role === "tool" ? result(tool_call_id ?? callId, tool_name ?? name, content ?? text) : undefined,
  ({ role, content, text, reasoning_content, reasoning, thinking, tool_calls, toolCalls }) => {
    const told = reasoning_content ?? reasoning ?? thinking;
    const calls = listOf(tool_calls ?? toolCalls).map((each) => {
      const { id, name, input, function: named } = recordOf(each);
      const { name: functionName, arguments: args } = recordOf(named);
      return call(id, functionName ?? name, args ?? input);
    });
    const isMessage =
      typeof role === "string" && (content !== undefined || text !== undefined || calls.length > 0);
    return isMessage
      ? [...(told ? [thought(told)] : []), ...blocksOf(content ?? text ?? ""), ...calls]
      : undefined;
  },
  ({ text, ...others }) => (typeof text === "string" && !("type" in others) ? blocksOf(text) : undefined),
];
