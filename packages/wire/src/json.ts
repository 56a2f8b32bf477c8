/** Reading JSON that nobody has checked yet. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of a list; nothing for what is not a list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The object without its fields that are null. */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

export function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The text of content that is a string, or a list of parts of which some hold text. */
export function textOf(content: unknown): string {
  if (!Array.isArray(content)) return stringOf(content);
  return objectsOf(content)
    .map((part) => stringOf(part.text ?? part.refusal))
    .join("");
}

/** Parsed JSON; the text itself where it is none. */
export function parsed(text: unknown): unknown {
  try {
    return JSON.parse(stringOf(text));
  } catch {
    return text;
  }
}

/** The word services use for the type of a JSON value ("an object", "null"). */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a decimal number";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
