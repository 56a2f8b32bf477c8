import { viewTool } from "../chat/view.ts";
import { type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import type { View, ViewMessage } from "../script.ts";
import { messagesOf } from "./context.ts";

/** Reads a request for Ollama; thinking, and whatever is malformed, is left out. */
export function viewOllama(body: unknown): View {
  const { tools } = objectOf(body);
  const all = messagesOf(objectOf(body));
  const system = all.filter(({ role }) => role === "system").map(({ content }) => stringOf(content));
  return {
    ...(system.length > 0 && { system: system.join("\n\n") }),
    messages: all.flatMap(viewMessage),
    tools: objectsOf(tools).map((tool) => viewTool(objectOf(tool.function))),
  };
}

function viewMessage({ role, content, tool_call_id, tool_name, tool_calls }: JsonObject): ViewMessage[] {
  const text = stringOf(content);
  if (role === "user") return [{ role, text }];
  if (role === "tool") return [{ role, callId: stringOf(tool_call_id), name: stringOf(tool_name), text }];
  if (role !== "assistant") return [];
  const calls = objectsOf(tool_calls).map((call) => {
    const { name, arguments: input } = objectOf(call.function);
    return { id: stringOf(call.id), name: stringOf(name), input };
  });
  return [{ role, text, calls }];
}
