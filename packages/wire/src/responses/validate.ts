import { isObject, type JsonObject, objectOf, stringOf, typeName } from "../json.ts";
import { invalidType, invalidValue, missingParameter, refuse, tooLong } from "../openai/refusals.ts";
import { checkFunction, checkKey, checkKeys, checkModel, checkStream, readBody } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";

/** Refuses a request that Responses would refuse, whatever was said before; returns its input items. */
export function validateResponses(call: HttpCall, options: WireOptions): readonly JsonObject[] {
  checkKey(call);
  const body = readBody(call);
  if (body.messages !== undefined) throw moved("messages", "input");
  if (body.max_tokens !== undefined) throw moved("max_tokens", "max_output_tokens");
  if (body.response_format !== undefined) throw moved("response_format", "text.format");
  checkKeys(body, parameters);
  checkModel(body, options);
  checkStream(body);
  // The service keeps conversations unless it is told not to; an agent that keeps its own has to say so.
  if (body.store !== false) throw refuse("Store must be set to false", { param: "store" });
  checkSettings(body);
  checkTools(body.tools);
  const items = readInput(body.input);
  items.forEach(checkItem);
  checkPairs(items);
  return items;
}

const parameters = new Set(
  (
    "background context_management conversation include input instructions max_output_tokens max_tool_calls metadata " +
    "model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options " +
    "prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature text " +
    "tool_choice tools top_logprobs top_p truncation user"
  ).split(" "),
);

const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

function checkSettings(body: JsonObject): void {
  const { max_output_tokens: limit, prompt_cache_key: cacheKey, reasoning } = body;
  if (typeof limit === "number" && limit < 16) {
    throw refuse(
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`,
      { param: "max_output_tokens", code: "integer_below_min_value" },
    );
  }
  if (typeof cacheKey === "string" && cacheKey.length > 64)
    throw tooLong("prompt_cache_key", 64, cacheKey.length);
  const { effort } = objectOf(reasoning);
  if (effort !== undefined && effort !== null && !efforts.includes(stringOf(effort))) {
    throw invalidValue("reasoning.effort", effort, efforts.map((name) => `'${name}'`).join(", "));
  }
  if (effort === "none") return;
  const sampling = ["temperature", "top_p", "top_logprobs"].find((name) => body[name] !== undefined);
  if (sampling !== undefined) {
    throw refuse(`Unsupported parameter: '${sampling}' is not supported with this model.`, {
      param: sampling,
      code: "unsupported_parameter",
    });
  }
}

function readInput(input: unknown): JsonObject[] {
  if (typeof input === "string" && input !== "") return [{ role: "user", content: input }];
  if (input === undefined || input === "" || (Array.isArray(input) && input.length === 0)) {
    throw refuse(
      "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.",
      {
        param: "input",
        code: "missing_required_parameter",
      },
    );
  }
  if (!Array.isArray(input))
    throw invalidType("input", "one of an array of objects or string", typeName(input));
  return input.map((item: unknown, index) => {
    if (!isObject(item)) throw invalidType(`input[${index}]`, "an object", typeName(item));
    return item;
  });
}

const itemKeys: Readonly<Record<string, ReadonlySet<string>>> = {
  message: new Set(["type", "role", "content", "id", "status", "phase"]),
  reasoning: new Set(["type", "id", "summary", "content", "encrypted_content", "status"]),
  function_call: new Set(["type", "id", "call_id", "name", "arguments", "status", "namespace"]),
  function_call_output: new Set(["type", "id", "call_id", "output", "status"]),
};

const idPrefixes: Readonly<Record<string, string>> = { message: "msg", reasoning: "rs", function_call: "fc" };

function checkItem(item: JsonObject, index: number): void {
  const path = `input[${index}]`;
  const type = item.type === undefined && item.role !== undefined ? "message" : stringOf(item.type);
  const keys = itemKeys[type];
  if (!keys) {
    throw invalidValue(path, type, "'function_call', 'function_call_output', 'message', and 'reasoning'");
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
  if (type === "reasoning") checkFields(item, path, ["id", "summary"]);
  if (type === "function_call") checkFields(item, path, ["call_id", "name", "arguments"]);
  if (type === "function_call_output") checkFields(item, path, ["call_id", "output"]);
}

function checkFields(item: JsonObject, path: string, names: readonly string[]): void {
  for (const name of names) {
    const at = `${path}.${name}`;
    const value = item[name];
    if (value === undefined) throw missingParameter(at);
    if (name === "summary" || (name === "output" && Array.isArray(value))) continue;
    if (typeof value !== "string") throw invalidType(at, "a string", typeName(value));
    if ((name === "id" || name === "call_id") && value.length > 64) throw tooLong(at, 64, value.length);
  }
}

const partTypes: Readonly<Record<string, readonly string[]>> = {
  user: ["input_text", "input_image", "input_file"],
  system: ["input_text"],
  developer: ["input_text"],
  assistant: ["output_text", "refusal"],
};

function checkMessage({ role, content }: JsonObject, path: string): void {
  const types = partTypes[stringOf(role)];
  if (!types) throw invalidValue(`${path}.role`, role, "'assistant', 'system', 'developer', and 'user'");
  if (content === undefined) throw missingParameter(`${path}.content`);
  if (typeof content === "string") return;
  if (!Array.isArray(content)) {
    throw invalidType(`${path}.content`, "one of an array of objects or string", typeName(content));
  }
  content.forEach((part: unknown, index) => {
    const { type } = objectOf(part);
    if (!types.includes(stringOf(type))) {
      const supported = types.map((name) => `'${name}'`).join(" and ");
      throw invalidValue(`${path}.content[${index}]`, type, supported);
    }
  });
}

/** Every call has exactly one output, after it. */
function checkPairs(items: readonly JsonObject[]): void {
  const open = new Set<string>();
  for (const { type, call_id } of items) {
    if (type === "function_call") open.add(stringOf(call_id));
    if (type === "function_call_output" && !open.delete(stringOf(call_id)))
      throw orphanOutput(stringOf(call_id));
  }
  const [unanswered] = open;
  if (unanswered !== undefined) throw unansweredCall(unanswered);
}

const toolKeys = new Set(["type", "name", "description", "parameters", "strict"]);

function checkTools(tools: unknown): void {
  if (tools === undefined) return;
  if (!Array.isArray(tools)) throw invalidType("tools", "an array of objects", typeName(tools));
  tools.forEach((tool: unknown, index) => {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw invalidType(path, "an object", typeName(tool));
    if (tool.type === undefined) throw missingParameter(`${path}.type`);
    if (tool.type !== "function") throw invalidValue(`${path}.type`, tool.type, "'function'");
    if (tool.name === undefined) throw missingParameter(`${path}.name`);
    checkKeys(tool, toolKeys, path);
    // Left out, the service tries to make the schema strict, and refuses most schemas of an agent.
    if (tool.strict === undefined) throw missingParameter(`${path}.strict`);
    checkFunction(tool, path);
  });
}

const moved = (parameter: string, to: string) =>
  refuse(
    `Unsupported parameter: '${parameter}'. In the Responses API, this parameter has moved to '${to}'. Try again with ` +
      "the new parameter. See the API documentation for more information: " +
      "https://platform.openai.com/docs/api-reference/responses/create.",
    { param: parameter, code: "unsupported_parameter" },
  );

export const unansweredCall = (id: string) =>
  refuse(`No tool output found for function call ${id}.`, { param: "input" });

export const orphanOutput = (id: string) =>
  refuse(`No tool call found for function call output with call_id ${id}.`, { param: "input" });
