import { isObject, type JsonObject, objectsOf, stringOf, typeName, withoutNulls } from "../json.ts";
import { checkToolName } from "../openai/function.ts";
import { openCalls } from "../openai/pairs.ts";
import {
  emptyArray,
  invalidType,
  invalidValue,
  missingParameter,
  noMatch,
  refuse,
  tooLong,
  unknownParameter,
} from "../openai/refusals.ts";
import { checkKeys } from "../openai/request.ts";
import { chatParts, checkAs } from "../openai/shapes.ts";
import type { Advise } from "../service.ts";

/** Refuses messages that Chat Completions would refuse; returns them without their fields that are null. */
export function readMessages(messages: unknown, advise: Advise): JsonObject[] {
  if (messages === undefined) throw missingParameter("messages");
  if (!Array.isArray(messages)) throw invalidType("messages", "an array of objects", typeName(messages));
  if (messages.length === 0) throw emptyArray("messages");
  const read = messages.map((message: unknown, index) => readMessage(message, index, advise));
  checkPairs(read);
  return read;
}

/** Reasoning comes back to compatible servers (DeepSeek, vLLM) beside the text that it led to. */
const reasoning = "reasoning_content reasoning reasoning_details";

/** An assistant's message comes back as the SDKs keep it: with what it cites, and what they parsed it into. */
const messageKeys: Readonly<Record<string, ReadonlySet<string>>> = {
  system: new Set(["role", "content", "name"]),
  developer: new Set(["role", "content", "name"]),
  user: new Set(["role", "content", "name"]),
  assistant: new Set(
    `role content name refusal tool_calls function_call audio annotations parsed ${reasoning}`.split(" "),
  ),
  tool: new Set(["role", "content", "name", "tool_call_id"]),
  function: new Set(["role", "content", "name"]),
};

function readMessage(given: unknown, index: number, advise: Advise): JsonObject {
  const path = `messages[${index}]`;
  if (!isObject(given)) throw invalidType(path, "an object", typeName(given));
  const message = withoutNulls(given);
  const { role, content } = message;
  if (role === undefined) throw missingParameter(`${path}.role`);
  const keys = messageKeys[stringOf(role)];
  if (!keys) {
    const roles = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'";
    throw invalidValue(`${path}.role`, role, roles);
  }
  checkKeys(message, keys, path);
  checkAuthor(message.name, `${path}.name`);
  const says = ["tool_calls", "function_call", "refusal", "audio"].some((key) => message[key] !== undefined);
  if (content !== undefined) checkContent(content, stringOf(role), index);
  else if (role !== "function" && !(role === "assistant" && says)) throw nullContent(index);
  if (message.tool_calls !== undefined) checkCalls(message.tool_calls, path, advise);
  if (message.function_call !== undefined)
    checkNamed(message.function_call, `${path}.function_call`, "arguments", advise);
  if (role === "tool") checkId(message.tool_call_id, `${path}.tool_call_id`);
  if (role === "function" && message.name === undefined) throw missingParameter(`${path}.name`);
  return message;
}

function checkAuthor(name: unknown, path: string): void {
  if (name === undefined) return;
  checkAs("string", name, path);
  if (!/^[^\s<|\\/>]+$/.test(stringOf(name))) throw noMatch(path, "^[^\\s<|\\\\/>]+$");
}

function checkContent(content: unknown, role: string, index: number): void {
  const path = `messages[${index}].content`;
  if (typeof content === "string") return;
  if (!Array.isArray(content))
    throw invalidType(path, "one of a string or array of objects", typeName(content));
  if (content.length === 0) throw emptyArray(path);
  content.forEach((part: unknown, at) => {
    if (isObject(part) && part.type === "image_url" && role !== "user") throw imageOf(role, index);
    checkAs({ tags: chatParts }, part, `${path}[${at}]`);
  });
}

function checkCalls(calls: unknown, path: string, advise: Advise): void {
  if (!Array.isArray(calls)) throw invalidType(`${path}.tool_calls`, "an array of objects", typeName(calls));
  if (calls.length === 0) throw emptyArray(`${path}.tool_calls`);
  calls.forEach((call: unknown, index) => {
    const at = `${path}.tool_calls[${index}]`;
    if (!isObject(call)) throw invalidType(at, "an object", typeName(call));
    if (call.index !== undefined) throw unknownParameter(`${at}.index`);
    checkId(call.id, `${at}.id`);
    const { type } = call;
    if (type === undefined) throw missingParameter(`${at}.type`);
    if (type !== "function" && type !== "custom")
      throw invalidValue(`${at}.type`, type, "'function' and 'custom'");
    checkKeys(call, new Set(["id", "type", type]), at);
    checkNamed(call[type], `${at}.${type}`, type === "function" ? "arguments" : "input", advise);
  });
}

/** What is called, and with what. `parsed_arguments` is how the SDKs keep what they have parsed. */
function checkNamed(named: unknown, path: string, said: "arguments" | "input", advise: Advise): void {
  if (!isObject(named)) throw missingParameter(path);
  checkKeys(named, new Set(["name", said, "parsed_arguments"]), path);
  checkToolName(named.name, `${path}.name`);
  const text = named[said];
  if (text === undefined) throw missingParameter(`${path}.${said}`);
  if (typeof text !== "string") throw invalidType(`${path}.${said}`, "a string", typeName(text));
  if (said === "arguments" && !isJson(text))
    advise(`${path}.arguments is not JSON, which the templates of compatible servers cannot read`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checkId(id: unknown, path: string): void {
  if (id === undefined) throw missingParameter(path);
  if (typeof id !== "string") throw invalidType(path, "a string", typeName(id));
  if (id.length > 40) throw tooLong(path, 40, id.length);
}

/** Each call is answered once, in the tool messages that directly follow it. */
function checkPairs(messages: readonly JsonObject[]): void {
  let open = openCalls();
  let asked = 0;
  const checkAnswered = () => {
    const unanswered = open.unanswered();
    if (unanswered.length > 0) throw unansweredCall(asked, unanswered);
  };
  messages.forEach((message, index) => {
    if (message.role === "tool") {
      if (!open.answer(stringOf(message.tool_call_id))) throw orphanResult(index);
      return;
    }
    checkAnswered();
    open = openCalls();
    for (const { id } of objectsOf(message.tool_calls)) open.make(stringOf(id));
    asked = index;
  });
  checkAnswered();
}

const nullContent = (index: number) =>
  refuse("Invalid value for 'content': expected a string, got null.", {
    param: `messages.[${index}].content`,
  });

const imageOf = (role: string, index: number) =>
  refuse(
    `Invalid 'messages[${index}]'. Image URLs are only allowed for messages with role 'user', but this message with ` +
      `role '${role}' contains an image URL.`,
    { param: `messages[${index}]`, code: "invalid_value" },
  );

export const unansweredCall = (index: number, ids: readonly string[]) =>
  refuse(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${ids.join(", ")}`,
    { param: `messages.[${index}].role` },
  );

export const orphanResult = (index: number) =>
  refuse(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    { param: `messages.[${index}].role` },
  );
