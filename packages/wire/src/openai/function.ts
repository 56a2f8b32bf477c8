import { isObject, type JsonObject, objectOf, typeName } from "../json.ts";
import { innerSchemas, schemaTypes, typesOf } from "../schema.ts";
import {
  badSchema,
  emptyString,
  invalidType,
  missingParameter,
  noMatch,
  refuse,
  tooLong,
} from "./refusals.ts";

/** A function's name, parameters and strictness; `path` is where it is in the request. */
export function checkFunction(tool: JsonObject, path: string): void {
  const { description, parameters, strict } = tool;
  const name = checkToolName(tool.name, `${path}.name`);
  if (description !== undefined && description !== null && typeof description !== "string") {
    throw invalidType(`${path}.description`, "a string", typeName(description));
  }
  if (strict !== undefined && strict !== null && typeof strict !== "boolean")
    throw invalidType(`${path}.strict`, "a boolean", typeName(strict));
  if (parameters === undefined || parameters === null) return;
  const param = `${path}.parameters`;
  if (!isObject(parameters)) throw invalidType(param, "an object", typeName(parameters));
  if (parameters.type !== "object") {
    const got = typeof parameters.type === "string" ? parameters.type : "None";
    throw badSchema(name, `schema must be a JSON Schema of 'type: "object"', got 'type: "${got}"'.`, param);
  }
  if (parameters.properties === undefined)
    throw badSchema(name, "In context=(), object schema missing properties.", param);
  checkSchema(parameters, [], (why) => badSchema(name, why, param));
  if (strict === true) checkStrictSchema(parameters, [], (why) => badSchema(name, why, param));
}

export function checkToolName(name: unknown, path: string): string {
  if (name === undefined) throw missingParameter(path);
  if (typeof name !== "string") throw invalidType(path, "a string", typeName(name));
  if (name === "") throw emptyString(path);
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) throw noMatch(path, "^[a-zA-Z0-9_-]+$");
  if (name.length > 64) throw tooLong(path, 64, name.length);
  return name;
}

/** The words are DeepSeek's: how OpenAI tells of a name that comes twice is written nowhere. */
export function checkNamesDiffer(names: readonly string[]): void {
  if (new Set(names).size < names.length) throw refuse("Tool names must be unique.", { param: "tools" });
}

type Bad = (why: string) => Error;

const contextOf = (at: readonly string[]) =>
  `In context=(${at.map((step) => `'${step}'`).join(", ")}${at.length === 1 ? "," : ""})`;

/** What no schema may have, strict or not. */
function checkSchema(schema: JsonObject, at: readonly string[], bad: Bad): void {
  for (const [index, type] of typesOf(schema).entries()) {
    if (!schemaTypes.some((name) => name === type))
      throw bad(`'${String(type)}' is not valid under any of the given schemas.`);
    if (type === "array" && schema.items === undefined && schema.prefixItems === undefined) {
      const where = Array.isArray(schema.type) ? [...at, "type", String(index)] : at;
      throw bad(`${contextOf(where)}, array schema missing items.`);
    }
  }
  for (const [steps, inner] of innerSchemas(schema)) checkSchema(inner, [...at, ...steps], bad);
}

/** https://platform.openai.com/docs/guides/structured-outputs, "Supported schemas". */
const notStrict = (
  "allOf oneOf not if then else dependentRequired dependentSchemas patternProperties propertyNames " +
  "unevaluatedProperties unevaluatedItems contains minContains maxContains uniqueItems minProperties maxProperties"
).split(" ");

/** Strict schemas name every property as required and allow no others, at every depth. */
export function checkStrictSchema(schema: JsonObject, at: readonly string[], bad: Bad): void {
  const context = contextOf(at);
  const keyword = notStrict.find((name) => schema[name] !== undefined);
  if (keyword !== undefined) throw bad(`${context}, '${keyword}' is not permitted.`);
  if (schema.type === "object") {
    if (schema.additionalProperties !== false)
      throw bad(`${context}, 'additionalProperties' is required to be supplied and to be false.`);
    const names = Object.keys(objectOf(schema.properties));
    const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
    const missing = names.find((name) => !required.includes(name));
    const extra = required.find((name) => !names.some((each) => each === name));
    const must = `${context}, 'required' is required to be supplied and to be an array including every key in properties.`;
    if (missing !== undefined) throw bad(`${must} Missing '${missing}'.`);
    if (extra !== undefined) throw bad(`${must} Extra required key '${String(extra)}' supplied.`);
  }
  for (const [steps, inner] of innerSchemas(schema)) checkStrictSchema(inner, [...at, ...steps], bad);
}
