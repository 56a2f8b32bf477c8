import { isObject, type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import type { Advise, HttpCall } from "../service.ts";
import { usualContext } from "./context.ts";
import { checkDecodes } from "./decode.ts";
import type { LocalModel } from "./models.ts";
import { noThinking, noTools, refuse, unknownModel } from "./refusals.ts";
import { optionTypes, requests } from "./requests.ts";

/**
 * Refuses a request that Ollama would refuse, and advises against what it answers worse than it could; returns its
 * `num_ctx`.
 */
export function validateOllama(
  { body, path, raw }: HttpCall,
  model: LocalModel,
  loaded: number | undefined,
  advise: Advise,
): number {
  if (raw === "") throw refuse(400, "missing request body");
  if (!isObject(body)) throw refuse(400, "invalid character 'x' looking for beginning of value");
  const type = path.startsWith("/api/generate") ? "GenerateRequest" : "ChatRequest";
  checkDecodes(body, requests[type], type);
  const asked = stringOf(body.model);
  if (asked === "") throw refuse(400, "model is required");
  if (!model.has(asked)) throw unknownModel(asked);
  checkThink(body.think, model);
  checkForm(body);
  checkOptions(objectOf(body.options));
  checkTools(body.tools, model, advise);
  checkMessages(body.messages, advise);
  return checkContext(body, loaded, advise);
}

function checkForm({ format, keep_alive: alive, top_logprobs: most, raw, ...body }: JsonObject): void {
  const isFormat = format === undefined || format === null || isObject(format);
  if (!isFormat && format !== "json" && format !== "") {
    throw refuse(
      400,
      `invalid format: ${JSON.stringify(format)}; expected "json" or a valid JSON Schema object`,
    );
  }
  checkDuration(alive);
  if (Number(most) < 0 || Number(most) > 20) throw refuse(400, "top_logprobs must be between 0 and 20");
  if (raw === true && ["template", "system", "context"].some((name) => body[name]))
    throw refuse(400, "raw mode does not support template, system, or context");
}

function checkDuration(alive: unknown): void {
  if (typeof alive === "string") {
    if (/^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$|^[-+]?0$/.test(alive)) return;
    const why = /^[-+]?\d+(\.\d*)?$/.test(alive) ? "missing unit in" : "invalid";
    throw refuse(400, `time: ${why} duration ${JSON.stringify(alive)}`);
  }
  const isNumber = alive === undefined || alive === null || typeof alive === "number";
  if (!isNumber) throw refuse(400, `Unsupported type: '${typeof alive === "boolean" ? "bool" : "map"}'`);
}

function checkOptions(options: JsonObject): void {
  for (const [name, value] of Object.entries(options)) {
    const type = optionTypes[name];
    if (type === undefined || value === null) continue;
    const isRight =
      type === "array" ? Array.isArray(value) : typeof value === (type === "boolean" ? type : "number");
    if (!isRight) throw refuse(400, `option "${name}" must be of type ${type}`);
    if (Array.isArray(value) && value.some((item) => typeof item !== "string"))
      throw refuse(400, `option "${name}" must be of an array of strings`);
  }
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
  const declared = objectsOf(tools);
  if (declared.length > 0 && !capabilities.includes("tools")) throw noTools(name);
  for (const tool of declared) {
    const { name: named, parameters } = objectOf(tool.function);
    if (tool.type !== "function" || stringOf(named) === "")
      advise('a tool is { type: "function", function: { name } }');
    if (isObject(parameters) && parameters.type !== "object")
      advise(`the parameters of ${String(named)} are not an object`);
  }
}

function checkMessages(messages: unknown, advise: Advise): void {
  let open: JsonObject[] = [];
  for (const [index, message] of objectsOf(messages).entries()) {
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
  if (!["system", "user", "assistant", "tool"].includes(stringOf(role)))
    advise(`${path}: most templates leave out a message of the role ${JSON.stringify(role)}`);
  if (role === "assistant" && !content && objectsOf(calls).length === 0)
    advise(`${path}: an assistant message without content and calls`);
}

function callsOf(message: JsonObject): JsonObject[] {
  return objectsOf(message.tool_calls).map((call) => {
    return { id: call.id, name: objectOf(call.function).name };
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
  const asked = objectOf(options).num_ctx;
  if (typeof asked !== "number")
    advise(
      `options.num_ctx is missing: most machines take ${usualContext}, and leave out the rest in silence`,
    );
  const context = typeof asked === "number" ? Math.trunc(asked) : usualContext;
  if (loaded !== undefined && loaded !== context) {
    advise(`options.num_ctx changed from ${loaded} to ${context}, which reloads the model`);
  }
  return context;
}
