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

function viewTool({ name, description, input_schema: parameters }: JsonObject): ViewTool {
  return {
    name: stringOf(name),
    ...(typeof description === "string" && { description }),
    ...(parameters !== undefined && { parameters }),
  };
}
