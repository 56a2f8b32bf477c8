import { isObject, type JsonObject, objectOf, objectsOf, stringOf, typeName } from "../json.ts";
import { checkFunction, checkNamesDiffer, checkToolName } from "../openai/function.ts";
import {
  emptyArray,
  invalidType,
  invalidValue,
  missingParameter,
  refuse,
  tooMany,
} from "../openai/refusals.ts";
import { checkKey, checkKeys, checkModel, readBody } from "../openai/request.ts";
import {
  checkFormat,
  checkRanges,
  checkToolChoice,
  checkWord,
  efforts,
  reasons,
} from "../openai/settings.ts";
import { checkShapes, commonSettings, fields } from "../openai/shapes.ts";
import type { WireOptions } from "../script.ts";
import type { Advise, HttpCall } from "../service.ts";
import type { Fields, Shape } from "../shape.ts";
import { readMessages } from "./messages.ts";

/** Refuses a request that Chat Completions would refuse. */
export function validateChat(call: HttpCall, options: WireOptions, advise: Advise): void {
  checkKey(call);
  const body = readBody(call);
  const unknown = Object.keys(body).filter((key) => !parameters.has(key));
  if (unknown.length > 0) throw unrecognized(unknown);
  const model = checkModel(body, options);
  const messages = readMessages(body.messages, advise);
  checkSettings(body, model);
  if (objectOf(body.response_format).type === "json_object" && !/json/i.test(JSON.stringify(messages)))
    throw refuse(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      { param: "messages" },
    );
  checkTools(body, model, advise);
  checkFunctions(body);
}

const parameters = new Set(
  (
    "messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens " +
    "max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key " +
    "prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier " +
    "stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity " +
    "web_search_options"
  ).split(" "),
);

function checkSettings(body: JsonObject, model: string): void {
  checkRanges(body);
  checkShapes(body, { ...commonSettings, ...ownSettings });
  checkCombinations(body);
  checkWord(body.reasoning_effort, "reasoning_effort", efforts);
  checkWord(body.verbosity, "verbosity", ["low", "medium", "high"]);
  checkFormat(body.response_format, "response_format", "json_schema");
  if (!reasons(model, body.reasoning_effort)) return;
  if (body.max_tokens !== undefined) {
    const param = "max_tokens";
    throw refuse(
      `Unsupported parameter: '${param}' is not supported with this model. Use 'max_completion_tokens' instead.`,
      { param, code: "unsupported_parameter" },
    );
  }
  const param = ["temperature", "top_p"].find((name) => body[name] !== undefined && body[name] !== 1);
  if (param === undefined) return;
  throw refuse(
    `Unsupported value: '${param}' does not support ${String(body[param])} with this model. Only the default (1) ` +
      "value is supported.",
    { param, code: "unsupported_value" },
  );
}

const ownSettings: Readonly<Record<string, Shape>> = {
  stop: { textOr: { listOf: "string" } },
  seed: "integer",
  logprobs: "boolean",
  logit_bias: { mapOf: "number" },
  modalities: { listOf: ["text", "audio"] },
  stream_options: fields({}, { include_usage: "boolean", include_obfuscation: "boolean" }),
};

function checkCombinations(body: JsonObject): void {
  const { stop } = body;
  if (Array.isArray(stop) && stop.length > 4) throw tooMany("stop", 4, stop.length);
  if (body.top_logprobs !== undefined && body.logprobs !== true)
    throw onlyEnabled("top_logprobs", "logprobs");
  if (body.metadata !== undefined && body.store !== true) throw onlyEnabled("metadata", "store");
  if (body.max_tokens !== undefined && body.max_completion_tokens !== undefined)
    throw refuse("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", {
      param: "max_tokens",
    });
}

const onlyEnabled = (param: string, needed: string) =>
  refuse(`The '${param}' parameter is only allowed when '${needed}' is enabled.`, { param });

const named = fields({ name: "string" });
const choices: Readonly<Record<string, Fields>> = {
  function: fields({ function: named }),
  custom: fields({ custom: named }),
  allowed_tools: fields({ allowed_tools: fields({ mode: ["auto", "required"], tools: "list" }) }),
};

function checkTools(body: JsonObject, model: string, advise: Advise): void {
  const { tools } = body;
  if (tools === undefined) {
    if (body.tool_choice !== undefined) throw onlyWith("tool_choice", "tools");
    if (body.parallel_tool_calls !== undefined) throw onlyWith("parallel_tool_calls", "tools");
    return;
  }
  if (!Array.isArray(tools)) throw invalidType("tools", "an array of objects", typeName(tools));
  if (tools.length === 0) throw emptyArray("tools");
  if (tools.length > 128) throw tooMany("tools", 128, tools.length);
  const names = tools.map((tool: unknown, index) => checkTool(tool, `tools[${index}]`, advise));
  checkNamesDiffer(names);
  checkToolChoice(body.tool_choice, names, choices);
  const onlyOnResponses = /^gpt-6(-astra|\.1-sol)/.test(model);
  const onlyWithoutReasoning = /^gpt-(5\.[6-9]|6)/.test(model) && body.reasoning_effort !== "none";
  if (onlyOnResponses || onlyWithoutReasoning) throw toolsNeedResponses(model);
}

function checkTool(tool: unknown, path: string, advise: Advise): string {
  if (!isObject(tool)) throw invalidType(path, "an object", typeName(tool));
  const { type } = tool;
  if (type === undefined) throw missingParameter(`${path}.type`);
  if (type !== "function" && type !== "custom")
    throw invalidValue(`${path}.type`, type, "'function' and 'custom'");
  const declared = tool[type];
  if (!isObject(declared)) throw missingParameter(`${path}.${type}`);
  checkKeys(tool, new Set(["type", type]), path);
  const more = type === "function" ? ["parameters", "strict"] : ["format"];
  checkKeys(declared, new Set(["name", "description", ...more]), `${path}.${type}`);
  if (type === "custom") return checkToolName(declared.name, `${path}.custom.name`);
  checkFunction(declared, `${path}.function`);
  const { length } = stringOf(declared.description);
  if (length > 1024)
    advise(`${path}.function.description has ${length} characters: Azure takes no more than 1024`);
  return stringOf(declared.name);
}

/** How tools were declared before there were tools; the service still takes it. */
function checkFunctions({ functions, function_call: choice }: JsonObject): void {
  if (functions === undefined) {
    if (choice !== undefined) throw onlyWith("function_call", "functions");
    return;
  }
  if (!Array.isArray(functions)) throw invalidType("functions", "an array of objects", typeName(functions));
  if (functions.length === 0) throw emptyArray("functions");
  functions.forEach((declared: unknown, index) => {
    if (!isObject(declared)) throw invalidType(`functions[${index}]`, "an object", typeName(declared));
    checkKeys(declared, new Set(["name", "description", "parameters"]), `functions[${index}]`);
    checkFunction(declared, `functions[${index}]`);
  });
  checkNamesDiffer(objectsOf(functions).map(({ name }) => stringOf(name)));
  if (!isObject(choice)) checkWord(choice, "function_call", ["none", "auto"]);
}

const onlyWith = (param: string, needed: string) =>
  refuse(`Invalid value for '${param}': '${param}' is only allowed when '${needed}' are specified.`, {
    param,
  });

const unrecognized = (names: readonly string[]) =>
  refuse(`Unrecognized request argument${names.length > 1 ? "s" : ""} supplied: ${names.join(", ")}`);

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
