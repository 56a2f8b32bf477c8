import { isObject, type JsonObject, objectOf, stringOf, typeName, withoutNulls } from "../json.ts";
import { checkToolName } from "../openai/function.ts";
import { openCalls } from "../openai/pairs.ts";
import {
  emptyString,
  invalidType,
  invalidValue,
  listed,
  missingParameter,
  refuse,
  tooLong,
} from "../openai/refusals.ts";
import { checkKeys } from "../openai/request.ts";
import { checkAs, givenParts, saidParts } from "../openai/shapes.ts";
import type { Fields } from "../shape.ts";

/** Refuses input that Responses would refuse; returns its items without their fields that are null. */
export function readInput(input: unknown): JsonObject[] {
  if (typeof input === "string") return input === "" ? [] : [{ role: "user", content: input }];
  if (input === undefined) return [];
  if (!Array.isArray(input))
    throw invalidType("input", "one of an array of objects or string", typeName(input));
  return input.map((item: unknown, index) => {
    if (!isObject(item)) throw invalidType(`input[${index}]`, "an object", typeName(item));
    const read = withoutNulls(item);
    checkItem(read, `input[${index}]`);
    return read;
  });
}

/** The items that are checked, with all the fields they have. */
const itemKeys: Readonly<Record<string, ReadonlySet<string>>> = {
  message: new Set(["type", "role", "content", "id", "status", "phase"]),
  reasoning: new Set(["type", "id", "summary", "content", "encrypted_content", "status"]),
  function_call: new Set(
    ["type", "id", "call_id", "name", "arguments", "status", "namespace"].concat("async", "caller"),
  ),
  function_call_output: new Set(["type", "id", "call_id", "output", "status", "caller"]),
  custom_tool_call: new Set(
    ["type", "id", "call_id", "name", "input", "status", "namespace"].concat("async", "caller"),
  ),
  custom_tool_call_output: new Set(["type", "id", "call_id", "output", "status", "caller"]),
  item_reference: new Set(["type", "id"]),
  additional_tools: new Set(["type", "id", "role", "tools"]),
};

/** The items of tools that the service runs itself, and of its other means: they are taken as they come. */
const otherItems = (
  "apply_patch_call apply_patch_call_output code_interpreter_call compaction compaction_trigger computer_call " +
  "computer_call_output configuration_update file_search_call image_generation_call local_shell_call " +
  "local_shell_call_output mcp_approval_request mcp_approval_response mcp_call mcp_list_tools program program_output " +
  "shell_call shell_call_output tool_search_call tool_search_output web_search_call"
).split(" ");

const needed: Readonly<Record<string, readonly string[]>> = {
  reasoning: ["id", "summary"],
  function_call: ["call_id", "name", "arguments"],
  function_call_output: ["call_id", "output"],
  custom_tool_call: ["call_id", "name", "input"],
  custom_tool_call_output: ["call_id", "output"],
  item_reference: ["id"],
};

const idPrefixes: Readonly<Record<string, string>> = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  custom_tool_call: "ctc",
};

function checkItem(item: JsonObject, path: string): void {
  const isMessage = item.type === undefined && item.role !== undefined;
  const type = isMessage ? "message" : stringOf(item.type);
  const keys = itemKeys[type];
  if (!keys) {
    if (otherItems.includes(type)) return;
    throw invalidValue(path, item.type, listed([...Object.keys(itemKeys), ...otherItems].sort()));
  }
  checkKeys(item, keys, path);
  const prefix = idPrefixes[type];
  if (prefix && item.id !== undefined && !stringOf(item.id).startsWith(prefix)) {
    throw refuse(`Invalid '${path}.id': '${String(item.id)}'. Expected an ID that begins with '${prefix}'.`, {
      param: `${path}.id`,
      code: "invalid_value",
    });
  }
  if (type === "message") checkMessage(item, path);
  if (item.phase !== undefined) checkAs(["commentary", "final_answer"], item.phase, `${path}.phase`);
  if (item.status !== undefined)
    checkAs(["in_progress", "completed", "incomplete"], item.status, `${path}.status`);
  checkFields(item, path, needed[type] ?? []);
}

function checkFields(item: JsonObject, path: string, names: readonly string[]): void {
  for (const name of names) {
    const at = `${path}.${name}`;
    const value = item[name];
    if (value === undefined) throw missingParameter(at);
    if (name === "summary") continue;
    if (name === "output" && Array.isArray(value)) {
      checkContent(value, givenParts, at);
      continue;
    }
    if (typeof value !== "string") throw invalidType(at, "a string", typeName(value));
    if (name === "name") checkToolName(value, at);
    if (name === "call_id" && value === "") throw emptyString(at);
    if ((name === "id" || name === "call_id") && value.length > 64) throw tooLong(at, 64, value.length);
  }
}

const partsOf: Readonly<Record<string, Readonly<Record<string, Fields>>>> = {
  user: givenParts,
  system: givenParts,
  developer: givenParts,
  assistant: saidParts,
};

function checkMessage({ role, content }: JsonObject, path: string): void {
  const parts = partsOf[stringOf(role)];
  if (!parts) throw invalidValue(`${path}.role`, role, "'assistant', 'system', 'developer', and 'user'");
  if (content === undefined) throw missingParameter(`${path}.content`);
  checkContent(content, parts, `${path}.content`);
}

/** A text, or parts; of an unknown type it is told where the part is, and not its type. */
function checkContent(content: unknown, parts: Readonly<Record<string, Fields>>, path: string): void {
  if (typeof content === "string") return;
  if (!Array.isArray(content))
    throw invalidType(path, "one of an array of objects or string", typeName(content));
  content.forEach((part: unknown, index) => {
    const at = `${path}[${index}]`;
    const { type, ...rest } = objectOf(part);
    if (!Object.hasOwn(parts, stringOf(type))) throw invalidValue(at, type, listed(Object.keys(parts)));
    checkAs({ tags: parts }, part, at);
    const isImage = type === "input_image" && rest.image_url === undefined && rest.file_id === undefined;
    if (isImage) throw missingParameter(`${at}.image_url`);
  });
}

/** Every call has its output after it, of the same kind. */
export function checkPairs(items: readonly JsonObject[]): void {
  for (const kind of ["function", "custom_tool"]) {
    const calls = openCalls();
    for (const { type, call_id } of items) {
      const id = stringOf(call_id);
      if (type === `${kind}_call`) calls.make(id);
      if (type === `${kind}_call_output` && !calls.answer(id)) throw orphanOutput(id, kind);
    }
    const [unanswered] = calls.unanswered();
    if (unanswered !== undefined) throw unansweredCall(unanswered, kind);
  }
}

const spoken = (kind: string) => kind.replace("_", " ");

export const unansweredCall = (id: string, kind = "function") =>
  refuse(`No tool output found for ${spoken(kind)} call ${id}.`, { param: "input" });

export const orphanOutput = (id: string, kind = "function") =>
  refuse(`No tool call found for ${spoken(kind)} call output with call_id ${id}.`, { param: "input" });
