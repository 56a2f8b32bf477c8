import { isObject, type JsonObject, objectOf } from "../json.ts";
import { type Field, type Message, request, type Single } from "./protocol.ts";
import { badPayload, refuse, unknownName } from "./refusals.ts";
import { readScalar } from "./scalars.ts";

type Violation = { field: string; description: string };

/** The body in the one spelling of this server. Refuses what the service cannot read, all of it named. */
export function readPayload(body: JsonObject): JsonObject {
  const violations: Violation[] = [];
  const read = readMessage(body, request, "", violations);
  if (violations.length > 0) throw badPayload(violations);
  const struct = "(type.googleapis.com/google.protobuf.Struct)";
  forEachPart(read, (part, path) => {
    const { functionCall, functionResponse } = part;
    const { args } = objectOf(functionCall);
    if (args !== undefined) checkStruct(args, `${path}.function_call.args`, struct);
    if (functionResponse !== undefined) {
      checkStruct(objectOf(functionResponse).response, `${path}.function_response.response`, struct);
    }
  });
  return read;
}

/** The same without a refusal: what cannot be read is left out. */
export function spelledOut(body: unknown): JsonObject {
  return readMessage(objectOf(body), request, "", []);
}

/** Calls `visit` for each part of the contents, with where it is. */
export function forEachPart(body: JsonObject, visit: (part: JsonObject, path: string) => void): void {
  listOf(body.contents).forEach((content, index) => {
    listOf(objectOf(content).parts).forEach((part, at) => {
      visit(objectOf(part), `contents[${index}].parts[${at}]`);
    });
  });
}

function checkStruct(value: unknown, path: string, type: string): void {
  if (!isObject(value))
    throw refuse(`Invalid value at '${path}' ${type}, ${JSON.stringify(value) ?? "null"}`);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readMessage(value: unknown, message: Message, path: string, violations: Violation[]): JsonObject {
  if (!isObject(value)) {
    violations.push(invalidValue(path, message.name, value));
    return {};
  }
  const fields = message.fields();
  const read: JsonObject = {};
  for (const [given, inner] of Object.entries(value)) {
    const name = given.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) violations.push(unknownName(given, path));
    else if (inner !== null) {
      const at = `${path === "" ? "" : `${path}.`}${snakeCase(name)}`;
      if (Array.isArray(inner) && field !== true && !isRepeated(field))
        violations.push(notRepeated(given, path));
      else read[name] = readField(inner, field, at, violations);
    }
  }
  return read;
}

const isRepeated = (field: Exclude<Field, true>): field is readonly [Single] => Array.isArray(field);

function readField(value: unknown, field: Field, at: string, violations: Violation[]): unknown {
  if (field === true) return value;
  if (isRepeated(field)) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.map((item, index) => readSingle(item, field[0], `${at}[${index}]`, violations));
  }
  if (typeof field === "string" || !("mapOf" in field)) return readSingle(value, field, at, violations);
  const entries = Object.entries(objectOf(value));
  const read = entries.map(([key, inner], index) => [
    key,
    readMessage(inner, field.mapOf, `${at}[${index}].value`, violations),
  ]);
  return Object.fromEntries(read);
}

function readSingle(value: unknown, field: Single, at: string, violations: Violation[]): unknown {
  if (typeof field === "string") return readScalar(value, field, at, violations);
  if ("name" in field) return readMessage(value, field, at, violations);
  // A word may be given by its number, too.
  if (typeof value !== "number" && !field.of.includes(String(value).toUpperCase()))
    violations.push(invalidValue(at, field.word, value));
  return value;
}

const invalidValue = (path: string, type: string, value: unknown): Violation => ({
  field: path,
  description:
    `Invalid value at '${path}' (type.googleapis.com/google.ai.generativelanguage.v1beta.${type}), ` +
    JSON.stringify(value),
});

const notRepeated = (name: string, path: string): Violation => ({
  field: path,
  description:
    `Invalid JSON payload received. Unknown name "${name}"${path === "" ? "" : ` at '${path}'`}: Proto field is not ` +
    "repeating, cannot start list.",
});

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
