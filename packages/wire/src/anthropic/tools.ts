import { isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import { innerSchemas, schemaTypes, typesOf } from "../schema.ts";
import type { Fields, Shape } from "../shape.ts";
import { cacheControl } from "./blocks.ts";
import { generationOf } from "./models.ts";
import { checkAs, refuse, required, wrongInput } from "./refusals.ts";
import { isBuiltIn } from "./view.ts";

/** Refuses tools, and a choice between them, that the Messages API would refuse. */
export function checkTools({ tools, tool_choice: choice, thinking, model }: JsonObject): void {
  if (tools === undefined) {
    if (choice !== undefined)
      throw refuse("tool_choice: tool_choice may only be specified while providing tools");
    return;
  }
  if (!Array.isArray(tools)) throw wrongInput("tools", "a valid list");
  const names = new Set<string>();
  tools.forEach((tool: unknown, index) => {
    const path = `tools.${index}.custom`;
    if (!isObject(tool)) throw wrongInput(`tools.${index}`, "a valid dictionary");
    if (!isBuiltIn(tool)) checkAs(ownTool, tool, path);
    const name = stringOf(tool.name);
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name))
      throw refuse(`${path}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    if (names.has(name)) throw refuse("tools: Tool names must be unique.");
    names.add(name);
    if (!isBuiltIn(tool)) checkSchema(tool.input_schema, `${path}.input_schema`);
  });
  if (choice === undefined) return;
  if (!chosen(choice, names)) return;
  if (!generationOf(model).takesForce)
    throw refuse('tool_choice: type "tool" and "any" are not supported for this model.');
  if (objectOf(thinking).type === "enabled")
    throw refuse("Thinking may not be enabled when tool_choice forces tool use.");
}

const parallel = { disable_parallel_tool_use: "boolean" } as const;
const choices: Shape = {
  tags: {
    auto: { needs: [], fields: parallel },
    any: { needs: [], fields: parallel },
    tool: { needs: ["name"], fields: { name: "string", ...parallel } },
    none: { needs: [], fields: {} },
  },
};

/** Whether a tool must be called. */
function chosen(choice: unknown, names: ReadonlySet<string>): boolean {
  if (!isObject(choice))
    throw wrongInput("tool_choice", "a valid dictionary or object to extract fields from");
  checkAs(choices, choice, "tool_choice");
  const { type, name } = choice;
  if (type === "tool" && !names.has(stringOf(name)))
    throw refuse(`Tool '${stringOf(name)}' not found in provided tools`);
  return type === "any" || type === "tool";
}

/** A tool of the client's own: `Tool` of the SDK. */
const ownTool: Fields = {
  needs: ["name", "input_schema"],
  fields: {
    type: ["custom"],
    name: "string",
    description: "string",
    input_schema: "object",
    cache_control: cacheControl,
    strict: "boolean",
    defer_loading: "boolean",
    eager_input_streaming: "boolean",
    allowed_callers: "anything",
    input_examples: "anything",
  },
};

function checkSchema(schema: unknown, path: string): void {
  if (!isObject(schema)) throw wrongInput(path, "a valid dictionary");
  if (schema.type === undefined) throw required(`${path}.type`);
  if (schema.type !== "object") throw wrongInput(`${path}.type`, "'object'");
  if (["oneOf", "allOf", "anyOf"].some((key) => key in schema))
    throw refuse(`${path}: input_schema does not support oneOf, allOf, or anyOf at the top level`);
  if (isSchema(schema)) return;
  throw refuse(
    `${path}: JSON schema is invalid. It must match JSON Schema draft 2020-12 ` +
      "(https://json-schema.org/draft/2020-12). Learn more about tool use at https://docs.claude.com/en/docs/tool-use.",
  );
}

/** By the rules of the draft that schemas break most: https://json-schema.org/draft/2020-12/meta/validation */
function isSchema(schema: JsonObject): boolean {
  const { required: needed = [], enum: words = [], items, properties = {} } = schema;
  const isNamed = Array.isArray(needed) && new Set(needed).size === needed.length;
  const bounds = [schema.exclusiveMinimum, schema.exclusiveMaximum, schema.minimum, schema.maximum];
  return (
    typesOf(schema).every((type) => schemaTypes.includes(String(type))) &&
    isNamed &&
    needed.every((name) => typeof name === "string") &&
    Array.isArray(words) &&
    !Array.isArray(items) &&
    isObject(properties) &&
    bounds.every((bound) => bound === undefined || typeof bound === "number") &&
    innerSchemas(schema).every(([, inner]) => isSchema(inner))
  );
}
