import { isObject, type JsonObject, objectOf, objectsOf, stringOf, typeName } from "../json.ts";
import type { Advise, HttpCall } from "../service.ts";
import { usualContext } from "./context.ts";
import type { LocalModel } from "./models.ts";
import { noThinking, noTools, refuse, unknownModel } from "./refusals.ts";

/**
 * Refuses a request that Ollama would refuse, and advises against what it answers worse than it could; returns its
 * `num_ctx`.
 */
export function validateOllama(
  { body, path }: HttpCall,
  model: LocalModel,
  loaded: number | undefined,
  advise: Advise,
): number {
  if (!isObject(body)) throw refuse(400, "invalid character 'x' looking for beginning of value");
  const asked = stringOf(body.model);
  if (asked === "") throw refuse(400, "model is required");
  if (!model.has(asked)) throw unknownModel(asked);
  const type = path.startsWith("/api/generate") ? "GenerateRequest" : "ChatRequest";
  checkThink(body.think, model);
  checkForm(body, type);
  checkTools(body.tools, model, advise);
  for (const name of ["prompt", "system", "suffix", "template"])
    if (isWrong(body[name], "string")) throw wrongType(body[name], `${type}.${name}`, "string");
  checkMessages(body.messages, advise);
  return checkContext(body, loaded, advise);
}

/** Go's decoder takes null for what is left out. */
const isWrong = (value: unknown, type: "string" | "boolean") =>
  value !== undefined && value !== null && typeof value !== type;

function checkForm({ stream, format, keep_alive: alive }: JsonObject, type: string): void {
  if (isWrong(stream, "boolean")) throw wrongType(stream, `${type}.stream`, "bool");
  const isFormat = format === undefined || format === null || isObject(format);
  if (!isFormat && format !== "json" && format !== "") {
    throw refuse(
      400,
      `invalid format: ${JSON.stringify(format)}; expected "json" or a valid JSON Schema object`,
    );
  }
  const duration = /^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$|^[-+]?0$/;
  if (typeof alive === "string" && !duration.test(alive))
    throw refuse(400, `time: invalid duration ${JSON.stringify(alive)}`);
}

function checkThink(think: unknown, { name, capabilities }: LocalModel): void {
  if (think === undefined || think === null || think === false) return;
  if (think !== true && !["high", "medium", "low", "max"].includes(stringOf(think))) {
    throw refuse(
      400,
      `invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)`,
    );
  }
  if (!capabilities.includes("thinking")) throw noThinking(name);
}

function checkTools(tools: unknown, { name, capabilities }: LocalModel, advise: Advise): void {
  if (tools === undefined || tools === null) return;
  if (!Array.isArray(tools)) throw wrongType(tools, "ChatRequest.tools", "api.Tools");
  if (tools.length > 0 && !capabilities.includes("tools")) throw noTools(name);
  for (const tool of tools) {
    const { type, function: declared } = objectOf(tool);
    const { name: named, parameters } = objectOf(declared);
    if (type !== "function" || stringOf(named) === "")
      advise('a tool is { type: "function", function: { name } }');
    if (parameters === undefined) continue;
    if (!isObject(parameters)) {
      throw wrongType(parameters, "ToolFunction.tools.function.parameters", "api.ToolFunctionParameters");
    }
    if (parameters.type !== "object") advise(`the parameters of ${String(named)} are not an object`);
    for (const property of Object.values(objectOf(parameters.properties))) {
      if (isObject(property)) continue;
      throw wrongType(
        property,
        "ToolFunctionParameters.tools.function.parameters.properties",
        "api.ToolProperty",
      );
    }
  }
}

function checkMessages(messages: unknown, advise: Advise): void {
  if (messages === undefined || messages === null) return;
  if (!Array.isArray(messages)) throw wrongType(messages, "ChatRequest.messages", "[]api.Message");
  let open: JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) throw wrongType(message, "ChatRequest.messages", "api.Message");
    checkMessage(message, `messages[${index}]`, advise);
    if (message.role === "tool") {
      checkResult(message, `messages[${index}]`, open.shift(), advise);
      continue;
    }
    if (open.length > 0) advise(`messages[${index}]: ${open.length} calls before it have no tool message`);
    open = callsOf(message);
  }
  if (open.length > 0) advise(`${open.length} calls have no tool message`);
}

function checkMessage({ role, content, tool_calls: calls }: JsonObject, path: string, advise: Advise): void {
  if (isWrong(content, "string")) throw wrongType(content, "ChatRequest.messages.content", "string");
  if (isWrong(role, "string")) throw wrongType(role, "ChatRequest.messages.role", "string");
  if (!["system", "user", "assistant", "tool"].includes(stringOf(role)))
    advise(`${path}: most templates leave out a message of the role ${JSON.stringify(role)}`);
  if (role === "assistant" && !content && objectsOf(calls).length === 0)
    advise(`${path}: an assistant message without content and calls`);
}

function callsOf(message: JsonObject): JsonObject[] {
  return objectsOf(message.tool_calls).map((call) => {
    const { name, arguments: input } = objectOf(call.function);
    if (input !== undefined && input !== null && !isObject(input)) {
      const field = "ChatRequest.messages.tool_calls.function.arguments";
      throw wrongType(input, field, "api.ToolCallFunctionArguments");
    }
    return { id: call.id, name };
  });
}

/** Templates show a result under its tool's name; llama-server finds its call by id. */
function checkResult(message: JsonObject, path: string, call: JsonObject | undefined, advise: Advise): void {
  const isSame =
    message.tool_name === call?.name && (call?.id === undefined || message.tool_call_id === call.id);
  if (call === undefined) advise(`${path}: a tool message without a call`);
  else if (typeof message.tool_name !== "string") advise(`${path}: tool_name is missing`);
  else if (!isSame) advise(`${path}: expected the result of ${String(call.name)} ${String(call.id ?? "")}`);
}

/** Left out, Ollama takes 4096 tokens on most machines; changed, it loads the model again. */
function checkContext({ options }: JsonObject, loaded: number | undefined, advise: Advise): number {
  const { num_ctx: context = usualContext, temperature } = objectOf(options);
  if (objectOf(options).num_ctx === undefined)
    advise(
      `options.num_ctx is missing: most machines take ${usualContext}, and leave out the rest in silence`,
    );
  if (temperature !== undefined && typeof temperature !== "number")
    throw refuse(400, 'option "temperature" must be of type float32');
  if (typeof context !== "number" || !Number.isInteger(context)) {
    throw refuse(400, 'option "num_ctx" must be of type integer');
  }
  if (loaded !== undefined && loaded !== context) {
    advise(`options.num_ctx changed from ${loaded} to ${context}, which reloads the model`);
  }
  return context;
}

/** The words of Go's JSON decoder. */
function wrongType(value: unknown, field: string, type: string) {
  const got = value === undefined || value === null ? "null" : typeName(value).replace(/^an? /, "");
  const name = got === "boolean" ? "bool" : got === "integer" || got === "decimal number" ? "number" : got;
  return refuse(400, `json: cannot unmarshal ${name} into Go struct field ${field} of type ${type}`);
}
