import { isObject, objectOf, objectsOf, parsed, stringOf, textOf } from "../json.ts";
import type { View, ViewMessage, ViewTool } from "../script.ts";

/** Reads a request for Chat Completions; whatever is malformed is left out. */
export function viewChat(body: unknown): View {
  const { messages, tools, functions } = objectOf(body);
  const all = objectsOf(messages);
  const system = all.filter(isSystem).map(({ content }) => textOf(content));
  return {
    ...(system.length > 0 && { system: system.join("\n\n") }),
    messages: all.filter((message) => !isSystem(message)).flatMap(viewMessage),
    tools: [
      ...objectsOf(tools).map((tool) => viewTool(objectOf(tool.function ?? tool.custom))),
      ...objectsOf(functions).map(viewTool),
    ],
  };
}

const isSystem = ({ role }: Record<string, unknown>) => role === "system" || role === "developer";

function viewMessage(message: Record<string, unknown>): ViewMessage[] {
  const text = textOf(message.content);
  if (message.role === "user") return [{ role: "user", text }];
  if (message.role === "tool" || message.role === "function") {
    const name = message.name === undefined ? {} : { name: stringOf(message.name) };
    return [{ role: "tool", callId: stringOf(message.tool_call_id), ...name, text }];
  }
  if (message.role !== "assistant") return [];
  const former = isObject(message.function_call) ? [{ function: message.function_call }] : [];
  const calls = [...objectsOf(message.tool_calls), ...former].map((call: Record<string, unknown>) => {
    const { name, arguments: input, input: text } = objectOf(call.function ?? call.custom);
    return { id: stringOf(call.id), name: stringOf(name), input: parsed(input ?? text) };
  });
  return [{ role: "assistant", text, calls }];
}

/** A function's declaration, where name, description and parameters stand side by side. */
export function viewTool({ name, description, parameters }: Record<string, unknown>): ViewTool {
  return {
    name: stringOf(name),
    ...(typeof description === "string" && { description }),
    ...(isObject(parameters) && { parameters }),
  };
}
