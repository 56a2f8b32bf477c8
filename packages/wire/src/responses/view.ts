import { viewTool } from "../chat/view.ts";
import { type JsonObject, objectOf, objectsOf, parsed, stringOf, textOf } from "../json.ts";
import type { View, ViewCall, ViewMessage } from "../script.ts";
import type { Store } from "./store.ts";

/**
 * Reads a request for Responses, with what the service has kept of the conversation; reasoning, and whatever is
 * malformed, is left out.
 */
export function viewResponses(body: unknown, store: Store): View {
  const { instructions, input, tools, previous_response_id: previous } = objectOf(body);
  const given = typeof input === "string" ? [{ role: "user", content: input }] : objectsOf(input);
  const items = [...store.itemsOf(previous), ...given];
  const system = items.filter(isSystem).map(({ content }) => textOf(content));
  const all = typeof instructions === "string" ? [instructions, ...system] : system;
  const added = items.filter(({ type }) => type === "additional_tools");
  const declared = [...objectsOf(tools), ...added.flatMap((item) => objectsOf(item.tools))];
  const messages: ViewMessage[] = [];
  for (const item of items) addItem(messages, item);
  return {
    ...(all.length > 0 && { system: all.join("\n\n") }),
    messages,
    tools: declared.filter(({ name }) => name !== undefined).map(viewTool),
  };
}

const isSystem = ({ role }: JsonObject) => role === "system" || role === "developer";

/** Text and calls that follow each other are one reply, as long as no other item is between them. */
function addItem(messages: ViewMessage[], item: JsonObject): void {
  if (item.role === "user") messages.push({ role: "user", text: textOf(item.content) });
  if (item.role === "assistant") addReply(messages, textOf(item.content), []);
  if (item.type === "function_call" || item.type === "custom_tool_call") {
    const input = parsed(item.arguments ?? item.input);
    const call = { id: stringOf(item.call_id), name: stringOf(item.name), input };
    addReply(messages, "", [call]);
  }
  if (item.type === "function_call_output" || item.type === "custom_tool_call_output") {
    messages.push({ role: "tool", callId: stringOf(item.call_id), text: textOf(item.output) });
  }
}

function addReply(messages: ViewMessage[], text: string, calls: readonly ViewCall[]): void {
  const last = messages.at(-1);
  if (last?.role !== "assistant") messages.push({ role: "assistant", text, calls });
  else messages[messages.length - 1] = { ...last, text: last.text + text, calls: [...last.calls, ...calls] };
}
