import { isObject, type JsonObject, stringOf, typeName } from "../json.ts";
import {
  invalidType,
  invalidValue,
  missingParameter,
  refuse,
  tooLong,
  unknownParameter,
} from "../openai/refusals.ts";
import { checkFunction, checkKey, checkKeys, checkModel, checkStream, readBody } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";

/** Refuses a request that Chat Completions would refuse. */
export function validateChat(call: HttpCall, options: WireOptions): void {
  checkKey(call);
  const body = readBody(call);
  const unknown = Object.keys(body).filter((key) => !parameters.has(key));
  if (unknown.length > 0) throw unrecognized(unknown);
  const model = checkModel(body, options);
  if (body.stream_options !== undefined && body.stream_options !== null && body.stream !== true) {
    throw refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
      param: "stream_options",
    });
  }
  checkStream(body);
  const { messages } = body;
  if (messages === undefined) throw missingParameter("messages");
  if (!Array.isArray(messages)) throw invalidType("messages", "an array of objects", typeName(messages));
  if (messages.length === 0) throw emptyArray("messages");
  messages.forEach(checkMessage);
  checkPairs(messages);
  checkTools(body, model);
}

const parameters = new Set(
  (
    "messages model audio frequency_penalty logit_bias logprobs max_completion_tokens max_tokens metadata modalities " +
    "moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options " +
    "prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream " +
    "stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options"
  ).split(" "),
);

/** Reasoning comes back to compatible servers (DeepSeek, vLLM) beside the text that it led to. */
const messageKeys: Readonly<Record<string, ReadonlySet<string>>> = {
  system: new Set(["role", "content", "name"]),
  developer: new Set(["role", "content", "name"]),
  user: new Set(["role", "content", "name"]),
  assistant: new Set(
    ["role", "content", "name", "refusal", "tool_calls", "audio"].concat("reasoning_content", "reasoning"),
  ),
  tool: new Set(["role", "content", "name", "tool_call_id"]),
};

function checkMessage(message: unknown, index: number): void {
  const path = `messages[${index}]`;
  if (!isObject(message)) throw invalidType(path, "an object", typeName(message));
  const { role, content } = message;
  if (role === undefined) throw missingParameter(`${path}.role`);
  const keys = messageKeys[stringOf(role)];
  if (!keys) {
    throw invalidValue(
      `${path}.role`,
      role,
      "'system', 'assistant', 'user', 'function', 'tool', and 'developer'",
    );
  }
  checkKeys(message, keys, path);
  const hasCalls = message.tool_calls !== undefined;
  if (role === "assistant" && (content === null || content === undefined)) {
    if (!hasCalls && typeof message.refusal !== "string") throw nullContent(index);
  } else checkContent(content, role === "assistant" ? ["text", "refusal"] : ["text", "image_url"], index);
  if (hasCalls) checkCalls(message.tool_calls, path);
  if (role === "tool") checkId(message.tool_call_id, `${path}.tool_call_id`);
}

function checkContent(content: unknown, types: readonly string[], index: number): void {
  const path = `messages[${index}].content`;
  if (content === null || content === undefined) throw nullContent(index);
  if (typeof content === "string") return;
  if (!Array.isArray(content))
    throw invalidType(path, "one of a string or array of objects", typeName(content));
  if (content.length === 0) throw emptyArray(path);
  content.forEach((part: unknown, at) => {
    if (!isObject(part)) throw invalidType(`${path}[${at}]`, "an object", typeName(part));
    if (!types.includes(stringOf(part.type))) {
      throw invalidValue(`${path}[${at}].type`, part.type, types.map((type) => `'${type}'`).join(" and "));
    }
  });
}

function checkCalls(calls: unknown, path: string): void {
  if (!Array.isArray(calls)) throw invalidType(`${path}.tool_calls`, "an array of objects", typeName(calls));
  if (calls.length === 0) throw emptyArray(`${path}.tool_calls`);
  calls.forEach((call: unknown, index) => {
    const at = `${path}.tool_calls[${index}]`;
    if (!isObject(call)) throw invalidType(at, "an object", typeName(call));
    checkKeys(call, new Set(["id", "type", "function", "index"]), at);
    if (call.index !== undefined) throw unknownParameter(`${at}.index`);
    checkId(call.id, `${at}.id`);
    if (call.type === undefined) throw missingParameter(`${at}.type`);
    if (call.type !== "function") throw invalidValue(`${at}.type`, call.type, "'function' and 'custom'");
    if (!isObject(call.function)) throw missingParameter(`${at}.function`);
    checkKeys(call.function, new Set(["name", "arguments"]), `${at}.function`);
    if (typeof call.function.name !== "string") throw missingParameter(`${at}.function.name`);
    checkArguments(call.function.arguments, `${at}.function.arguments`);
  });
}

/** OpenAI takes any string here; the templates of compatible servers parse it and refuse. */
function checkArguments(text: unknown, path: string): void {
  if (text === undefined) throw missingParameter(path);
  if (typeof text !== "string") throw invalidType(path, "a string", typeName(text));
  try {
    JSON.parse(text);
  } catch {
    throw refuse(`Invalid '${path}': not valid JSON.`, { param: path, code: "invalid_value" });
  }
}

function checkId(id: unknown, path: string): void {
  if (id === undefined) throw missingParameter(path);
  if (typeof id !== "string") throw invalidType(path, "a string", typeName(id));
  if (id.length > 40) throw tooLong(path, 40, id.length);
}

/** Each call is answered once, in the tool messages that directly follow it. */
function checkPairs(messages: readonly JsonObject[]): void {
  let open = new Set<string>();
  let asked = 0;
  messages.forEach((message, index) => {
    if (message.role === "tool") {
      if (!open.delete(stringOf(message.tool_call_id))) throw orphanResult(index);
      return;
    }
    if (open.size > 0) throw unansweredCall(asked, [...open]);
    const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
    open = new Set(calls.map((call: JsonObject) => stringOf(call.id)));
    asked = index;
  });
  if (open.size > 0) throw unansweredCall(asked, [...open]);
}

function checkTools(body: JsonObject, model: string): void {
  const { tools } = body;
  if (tools === undefined) {
    if (body.tool_choice !== undefined) throw onlyWithTools("tool_choice");
    if (body.parallel_tool_calls !== undefined) throw onlyWithTools("parallel_tool_calls");
    return;
  }
  if (!Array.isArray(tools)) throw invalidType("tools", "an array of objects", typeName(tools));
  if (tools.length === 0) throw emptyArray("tools");
  tools.forEach((tool: unknown, index) => {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw invalidType(path, "an object", typeName(tool));
    if (tool.type === undefined) throw missingParameter(`${path}.type`);
    if (tool.type !== "function") throw invalidValue(`${path}.type`, tool.type, "'function' and 'custom'");
    if (!isObject(tool.function)) throw missingParameter(`${path}.function`);
    checkKeys(tool, new Set(["type", "function"]), path);
    checkKeys(tool.function, new Set(["name", "description", "parameters", "strict"]), `${path}.function`);
    checkFunction(tool.function, `${path}.function`);
    const { length } = stringOf(tool.function.description);
    if (length > 1024) throw tooLong(`${path}.function.description`, 1024, length);
  });
  const onlyOnResponses = /^gpt-6(-astra|\.1-sol)/.test(model);
  const onlyWithoutReasoning = /^gpt-(5\.[6-9]|6)/.test(model) && body.reasoning_effort !== "none";
  if (onlyOnResponses || onlyWithoutReasoning) throw toolsNeedResponses(model);
}

const emptyArray = (param: string) =>
  refuse(
    `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    { param, code: "empty_array" },
  );

const nullContent = (index: number) =>
  refuse("Invalid value for 'content': expected a string, got null.", {
    param: `messages.[${index}].content`,
  });

const onlyWithTools = (param: string) =>
  refuse(`Invalid value for '${param}': '${param}' is only allowed when 'tools' are specified.`, { param });

const unrecognized = (names: readonly string[]) =>
  refuse(`Unrecognized request argument${names.length > 1 ? "s" : ""} supplied: ${names.join(", ")}`);

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

export const toolsNeedResponses = (model: string) =>
  refuse(
    `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. To use function ` +
      "tools, use /v1/responses or set reasoning_effort to 'none'.",
    { param: "reasoning_effort" },
  );

export const contextTooLong = () =>
  refuse(
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 131254 tokens. Please " +
      "reduce the length of the messages.",
    { param: "messages", code: "context_length_exceeded" },
  );
