import { isObject, type JsonObject, objectOf, objectsOf, stringOf, typeName } from "../json.ts";
import { checkFunction, checkNamesDiffer, checkToolName } from "../openai/function.ts";
import { invalidType, invalidValue, listed, missingParameter, refuse, tooLong } from "../openai/refusals.ts";
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
import { checkPairs, readInput } from "./items.ts";
import type { Store } from "./store.ts";

/** Refuses a request that Responses would refuse; returns the whole input, with what the service has kept of it. */
export function validateResponses(
  call: HttpCall,
  options: WireOptions,
  store: Store,
  advise: Advise,
): readonly JsonObject[] {
  checkKey(call);
  const body = readBody(call);
  if (body.messages !== undefined) throw moved("messages", "input");
  if (body.max_tokens !== undefined) throw moved("max_tokens", "max_output_tokens");
  if (body.response_format !== undefined) throw moved("response_format", "text.format");
  checkKeys(body, parameters);
  const model = checkModel(body, options);
  if (body.store !== false) advise("store is not false: the service keeps the conversation for 30 days");
  checkSettings(body, model);
  const given = readInput(body.input);
  const items = store.expand(given, body.previous_response_id);
  const isGiven = ["prompt", "conversation"].some((name) => body[name] !== undefined);
  if (items.length === 0 && !isGiven) throw noInput();
  if (objectOf(objectOf(body.text).format).type === "json_object" && !/json/i.test(JSON.stringify(items)))
    throw refuse(
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
      { param: "text.format" },
    );
  checkTools(body, given, advise);
  checkPairs(items);
  return items;
}

const parameters = new Set(
  (
    "access_programs background client_metadata context_management conversation image include input instructions " +
    "max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt " +
    "prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream " +
    "stream_options temperature text tool_choice tools top_logprobs top_p truncation user"
  ).split(" "),
);

const summaries = ["auto", "concise", "detailed"];
const ownSettings: Readonly<Record<string, Shape>> = {
  instructions: "string",
  background: "boolean",
  truncation: ["auto", "disabled"],
  stream_options: fields({}, { include_obfuscation: "boolean" }),
  text: fields({}, { format: "anything", verbosity: ["low", "medium", "high"] }),
  reasoning: fields(
    {},
    {
      effort: efforts,
      summary: summaries,
      generate_summary: summaries,
      mode: "string",
      context: ["auto", "current_turn", "all_turns"],
    },
  ),
};

const includable = (
  "file_search_call.results web_search_call.results web_search_call.action.sources message.input_image.image_url " +
  "computer_call_output.output.image_url code_interpreter_call.outputs reasoning.encrypted_content " +
  "message.output_text.logprobs"
).split(" ");

function checkSettings(body: JsonObject, model: string): void {
  const { prompt_cache_key: cacheKey, reasoning, include, text } = body;
  checkRanges(body);
  checkShapes(body, { ...commonSettings, ...ownSettings });
  if (typeof cacheKey === "string" && cacheKey.length > 64)
    throw tooLong("prompt_cache_key", 64, cacheKey.length);
  const { effort } = objectOf(reasoning);
  checkFormat(objectOf(text).format, "text.format");
  if (include !== undefined && !Array.isArray(include))
    throw invalidType("include", "an array of strings", typeName(include));
  (include ?? []).forEach((name: unknown, index: number) => {
    checkWord(name, `include[${index}]`, includable);
  });
  if (!reasons(model, effort)) return;
  const sampling = ["temperature", "top_p", "top_logprobs"].find((name) => body[name] !== undefined);
  if (sampling !== undefined) {
    throw refuse(`Unsupported parameter: '${sampling}' is not supported with this model.`, {
      param: sampling,
      code: "unsupported_parameter",
    });
  }
}

/** What the tools have that the service runs itself is taken as it comes. */
const hostedTools = (
  "apply_patch code_interpreter computer computer_use_preview file_search image_generation local_shell mcp " +
  "programmatic_tool_calling shell tool_search web_search web_search_2025_08_26 web_search_preview " +
  "web_search_preview_2025_03_11"
).split(" ");

const toolTypes = ["function", "custom", "namespace", ...hostedTools].sort();

const functionKeys = new Set(
  ["type", "name", "description", "parameters", "strict"].concat([
    "allowed_callers",
    "async",
    "defer_loading",
    "output_schema",
  ]),
);

const choices: Readonly<Record<string, Fields | "anything">> = {
  function: fields({ name: "string" }),
  custom: fields({ name: "string" }),
  allowed_tools: fields({ mode: ["auto", "required"], tools: "list" }),
  ...Object.fromEntries(hostedTools.map((name) => [name, "anything" as const])),
};

function checkTools(body: JsonObject, items: readonly JsonObject[], advise: Advise): void {
  const names = toolNames(body.tools, "tools", advise);
  for (const [index, { type, tools }] of items.entries())
    if (type === "additional_tools") names.push(...toolNames(tools, `input[${index}].tools`, advise));
  checkNamesDiffer(names);
  if (body.tool_choice === "required" && objectsOf(body.tools).length === 0)
    throw refuse("Tool choice 'required' must be specified with 'tools' parameter.", {
      param: "tool_choice",
    });
  checkToolChoice(body.tool_choice, names, choices);
}

/** The names of the tools in a list; those of a namespace begin with its own. */
function toolNames(tools: unknown, path: string, advise: Advise): string[] {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) throw invalidType(path, "an array of objects", typeName(tools));
  return tools.flatMap((tool: unknown, index) => {
    const at = `${path}[${index}]`;
    if (!isObject(tool)) throw invalidType(at, "an object", typeName(tool));
    const { type, name } = tool;
    if (type === undefined) throw missingParameter(`${at}.type`);
    if (!toolTypes.includes(stringOf(type))) throw invalidValue(`${at}.type`, type, listed(toolTypes));
    if (type === "custom") return [checkToolName(name, `${at}.name`)];
    if (type === "namespace") {
      const inner = toolNames(tool.tools, `${at}.tools`, advise);
      return inner.map((each) => `${checkToolName(name, `${at}.name`)}.${each}`);
    }
    return type === "function" ? [checkFunctionTool(tool, at, advise)] : [];
  });
}

function checkFunctionTool(tool: JsonObject, at: string, advise: Advise): string {
  if (tool.name === undefined) throw missingParameter(`${at}.name`);
  checkKeys(tool, functionKeys, at);
  checkFunction(tool, at);
  if (tool.strict === undefined)
    advise(
      `${at}.strict is left out: the service then rewrites the schema, so that every argument is required`,
    );
  return stringOf(tool.name);
}

const noInput = () =>
  refuse("One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.", {
    param: "input",
    code: "missing_required_parameter",
  });

const moved = (parameter: string, to: string) =>
  refuse(
    `Unsupported parameter: '${parameter}'. In the Responses API, this parameter has moved to '${to}'. Try again with ` +
      "the new parameter. See the API documentation for more information: " +
      "https://platform.openai.com/docs/api-reference/responses/create.",
    { param: parameter, code: "unsupported_parameter" },
  );
