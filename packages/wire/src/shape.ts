import { isObject, type JsonObject, stringOf } from "./json.ts";

/**
 * What a value may be: anything; of one kind; one of these words; a list; an object with these fields and no others; one
 * of several such objects, told apart by their type.
 */
export type Shape =
  | "anything"
  | Kind
  | readonly string[]
  | { readonly listOf: Shape }
  | { readonly mapOf: Shape }
  | { readonly textOr: Shape }
  | Fields
  | { readonly tags: Readonly<Record<string, Fields | "anything">> };

/** A field that is null is one that is left out, unless it is needed. */
export interface Fields {
  readonly needs: readonly string[];
  readonly fields: Readonly<Record<string, Shape>>;
}

export type Kind = keyof typeof kinds | "list" | "text or list";

const kinds = {
  string: (value: unknown) => typeof value === "string",
  boolean: (value: unknown) => typeof value === "boolean",
  number: (value: unknown) => typeof value === "number",
  integer: Number.isInteger,
  object: isObject,
};

/** How a service says where something is, and what is wrong with it. */
export interface Words {
  item(path: string, index: number): string;
  tagged(path: string, type: string): string;
  wrong(path: string, kind: Kind, value: unknown): Error;
  notOneOf(path: string, words: readonly string[], value: unknown): Error;
  unknownType(path: string, types: readonly string[], type: unknown): Error;
  missing(path: string): Error;
  extra(path: string): Error;
}

/** Refuses a value of another shape, in the service's words; `path` says where it is. */
export function checkShape(value: unknown, shape: Shape, path: string, words: Words): void {
  if (shape === "anything") return;
  if (typeof shape === "string") {
    const isRight = shape in kinds ? kinds[shape as keyof typeof kinds](value) : Array.isArray(value);
    if (!isRight) throw words.wrong(path, shape, value);
  } else if ("listOf" in shape || "textOr" in shape) {
    checkList(value, shape, path, words);
  } else if ("mapOf" in shape) {
    if (!isObject(value)) throw words.wrong(path, "object", value);
    for (const [name, inner] of Object.entries(value))
      checkShape(inner, shape.mapOf, `${path}.${name}`, words);
  } else if ("tags" in shape) {
    checkTagged(value, shape.tags, path, words);
  } else if ("fields" in shape) {
    if (!isObject(value)) throw words.wrong(path, "object", value);
    checkFields(value, shape, path, words);
  } else if (!shape.includes(stringOf(value))) {
    throw words.notOneOf(path, shape, value);
  }
}

function checkList(
  value: unknown,
  shape: { readonly listOf: Shape } | { readonly textOr: Shape },
  path: string,
  words: Words,
): void {
  if ("textOr" in shape) {
    if (typeof value === "string") return;
    if (!Array.isArray(value)) throw words.wrong(path, "text or list", value);
    checkShape(value, shape.textOr, path, words);
    return;
  }
  if (!Array.isArray(value)) throw words.wrong(path, "list", value);
  for (const [index, item] of value.entries()) checkShape(item, shape.listOf, words.item(path, index), words);
}

function checkTagged(
  value: unknown,
  tags: Readonly<Record<string, Fields | "anything">>,
  path: string,
  words: Words,
): void {
  if (!isObject(value)) throw words.wrong(path, "object", value);
  if (value.type === undefined) throw words.missing(`${path}.type`);
  const type = stringOf(value.type);
  const fields = Object.hasOwn(tags, type) ? tags[type] : undefined;
  if (fields === undefined) throw words.unknownType(path, Object.keys(tags), value.type);
  const { type: _, ...rest } = value;
  if (fields !== "anything") checkFields(rest, fields, words.tagged(path, type), words);
}

function checkFields(object: JsonObject, { needs, fields }: Fields, path: string, words: Words): void {
  const missing = needs.find((name) => object[name] === undefined);
  if (missing !== undefined) throw words.missing(`${path}.${missing}`);
  for (const [name, value] of Object.entries(object)) {
    const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (shape === undefined) throw words.extra(`${path}.${name}`);
    if (value !== null || needs.includes(name)) checkShape(value, shape, `${path}.${name}`, words);
  }
}
