import { isObject, type JsonObject, objectOf } from "./json.ts";

/** The schemas that stand directly inside a schema, each with the path to it. */
export function innerSchemas(schema: JsonObject): [at: readonly string[], inner: JsonObject][] {
  const maps = ["properties", "$defs", "definitions", "patternProperties"].flatMap((keyword) =>
    Object.entries(objectOf(schema[keyword])).map(([name, inner]) => [[keyword, name], inner] as const),
  );
  const lists = ["anyOf", "oneOf", "allOf", "prefixItems"].flatMap((keyword) => {
    const list: unknown = schema[keyword];
    return Array.isArray(list)
      ? list.map((inner: unknown, index) => [[keyword, String(index)], inner] as const)
      : [];
  });
  const single = ["items", "additionalProperties", "not"].map(
    (keyword) => [[keyword], schema[keyword]] as const,
  );
  return [...maps, ...lists, ...single].flatMap(([at, inner]) => (isObject(inner) ? [[at, inner]] : []));
}

/** The types that a schema names: none, one or several. */
export function typesOf({ type }: JsonObject): unknown[] {
  if (type === undefined) return [];
  return Array.isArray(type) ? type : [type];
}

export const schemaTypes = ["string", "number", "integer", "boolean", "object", "array", "null"];
