import { type JsonObject, objectOf, objectsOf, stringOf, textOf } from "../json.ts";
import type { View, ViewMessage, ViewTool } from "../script.ts";

/** Reads a request of the Messages API; thoughts, and whatever is malformed, are left out. */
export function viewAnthropic(body: unknown): View {
  const { system, messages, tools } = objectOf(body);
  const instructions = textOf(system);
  return {
    ...(instructions !== "" && { system: instructions }),
    messages: objectsOf(messages).flatMap(viewMessage),
    tools: objectsOf(tools).map(viewTool),
  };
}

function viewMessage({ role, content }: JsonObject): ViewMessage[] {
  const blocks = objectsOf(content);
  const spoken = typeof content === "string" ? content : textOf(blocks.filter(({ type }) => type === "text"));
  if (role === "assistant") {
    const calls = blocks.flatMap(({ type, id, name, input }) =>
      type === "tool_use" ? [{ id: stringOf(id), name: stringOf(name), input: input ?? {} }] : [],
    );
    return [{ role, text: spoken, calls }];
  }
  const results = blocks.flatMap(({ type, tool_use_id: id, content: said }): ViewMessage[] =>
    type === "tool_result" ? [{ role: "tool", callId: stringOf(id), text: textOf(said) }] : [],
  );
  return spoken === "" && results.length > 0 ? results : [...results, { role: "user", text: spoken }];
}

/**
 * A tool that Anthropic has defined: its type has a date, and the request gives no schema.
 * https://docs.claude.com/en/docs/agents-and-tools/tool-use/text-editor-tool
 */
export const isBuiltIn = ({ type }: JsonObject) => /^\w+_\d{8}$/.test(stringOf(type));

const text = { type: "string" };
const builtIn = {
  bash: { type: "object", properties: { command: text } },
  editor: {
    type: "object",
    properties: {
      command: { ...text, enum: ["view", "create", "str_replace", "insert"] },
      path: text,
      file_text: text,
      old_str: text,
      new_str: text,
    },
    required: ["command", "path"],
  },
};

function schemaOf(tool: JsonObject): unknown {
  if (!isBuiltIn(tool)) return tool.input_schema;
  if (stringOf(tool.type).startsWith("bash_")) return builtIn.bash;
  return stringOf(tool.type).startsWith("text_editor_") ? builtIn.editor : undefined;
}

function viewTool(tool: JsonObject): ViewTool {
  const { name, description } = tool;
  const parameters = schemaOf(tool);
  return {
    name: stringOf(name),
    ...(typeof description === "string" && { description }),
    ...(parameters !== undefined && { parameters }),
  };
}
