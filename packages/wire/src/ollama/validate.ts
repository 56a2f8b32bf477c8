import { isObject, type JsonObject, objectOf, objectsOf, stringOf, typeName } from "../json.ts";
import type { HttpCall } from "../service.ts";
import type { LocalModel } from "./models.ts";
import { noThinking, noTools, refuse, strictly, unknownModel, withTag } from "./refusals.ts";

/** Refuses a request that Ollama would refuse, or would answer worse than it could; returns its `num_ctx`. */
export function validateOllama({ body }: HttpCall, model: LocalModel, loaded: number | undefined): number {
  if (!isObject(body)) throw refuse(400, "invalid character 'x' looking for beginning of value");
  const asked = stringOf(body.model);
  if (asked === "") throw refuse(400, "model is required");
  if (withTag(asked) !== withTag(model.name)) throw unknownModel(asked);
  checkThink(body.think, model);
  checkTools(body.tools, model);
  checkMessages(body.messages);
  if (body.stream === false) throw strictly("this server streams only");
  return checkContext(body, loaded);
}

function checkThink(think: unknown, { name, capabilities }: LocalModel): void {
  if (think === undefined || think === false) return;
  if (think !== true && !["high", "medium", "low", "max"].includes(stringOf(think))) {
    throw refuse(
      400,
      `invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)`,
    );
  }
  if (!capabilities.includes("thinking")) throw noThinking(name);
}

function checkTools(tools: unknown, { name, capabilities }: LocalModel): void {
  if (tools === undefined) return;
  if (!Array.isArray(tools)) throw wrongType(tools, "ChatRequest.tools", "api.Tools");
  if (tools.length > 0 && !capabilities.includes("tools")) throw noTools(name);
  for (const tool of tools) {
    const { type, function: declared } = objectOf(tool);
    const { name: named, parameters } = objectOf(declared);
    if (type !== "function" || stringOf(named) === "")
      throw strictly('a tool is { type: "function", function: { name } }');
    if (parameters === undefined) continue;
    if (!isObject(parameters)) {
      throw wrongType(parameters, "ToolFunction.tools.function.parameters", "api.ToolFunctionParameters");
    }
    if (parameters.type !== "object") throw strictly(`the parameters of ${named} are no object`);
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

function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages)) throw wrongType(messages, "ChatRequest.messages", "[]api.Message");
  let open: JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) throw wrongType(message, "ChatRequest.messages", "api.Message");
    checkMessage(message, `messages[${index}]`);
    if (message.role === "tool") {
      checkResult(message, `messages[${index}]`, open.shift());
      continue;
    }
    if (open.length > 0)
      throw strictly(`messages[${index}]: ${open.length} calls before it have no tool message`);
    open = callsOf(message);
  }
  if (open.length > 0) throw strictly(`${open.length} calls have no tool message`);
}

function checkMessage({ role, content, tool_calls: calls }: JsonObject, path: string): void {
  if (typeof content !== "string") throw wrongType(content, "ChatRequest.messages.content", "string");
  if (!["system", "user", "assistant", "tool"].includes(stringOf(role))) {
    throw strictly(`${path}: unknown role ${JSON.stringify(role)}`);
  }
  if (role === "assistant" && content === "" && objectsOf(calls).length === 0) {
    throw strictly(`${path}: an assistant message without content and calls`);
  }
}

function callsOf(message: JsonObject): JsonObject[] {
  return objectsOf(message.tool_calls).map((call) => {
    const { name, arguments: input } = objectOf(call.function);
    if (!isObject(input)) {
      const field = "ChatRequest.messages.tool_calls.function.arguments";
      throw wrongType(input, field, "api.ToolCallFunctionArguments");
    }
    return { id: call.id, name };
  });
}

/** Templates show a result under its tool's name; llama-server finds its call by id. */
function checkResult(message: JsonObject, path: string, call: JsonObject | undefined): void {
  if (call === undefined) throw strictly(`${path}: a tool message without a call`);
  if (typeof message.tool_name !== "string") throw strictly(`${path}: tool_name is missing`);
  const isSame =
    message.tool_name === call.name && (call.id === undefined || message.tool_call_id === call.id);
  if (!isSame) throw strictly(`${path}: expected the result of ${call.name} ${call.id ?? ""}`);
}

/** Left out, Ollama takes 4096 tokens on most machines; changed, it loads the model anew. */
function checkContext({ options }: JsonObject, loaded: number | undefined): number {
  const { num_ctx: context } = objectOf(options);
  if (context === undefined) throw strictly("options.num_ctx is missing");
  if (typeof context !== "number" || !Number.isInteger(context)) {
    throw refuse(400, 'option "num_ctx" must be of type integer');
  }
  if (loaded !== undefined && loaded !== context) {
    throw strictly(`options.num_ctx changed from ${loaded} to ${context}, which reloads the model`);
  }
  return context;
}

/** The words of Go's JSON decoder. */
function wrongType(value: unknown, field: string, type: string) {
  const got = value === undefined || value === null ? "null" : typeName(value).replace(/^an? /, "");
  const name = got === "boolean" ? "bool" : got === "integer" || got === "decimal number" ? "number" : got;
  return refuse(400, `json: cannot unmarshal ${name} into Go struct field ${field} of type ${type}`);
}
