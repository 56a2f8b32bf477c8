import { isObject, typeName } from "../json.ts";
import { refuse } from "./refusals.ts";

/** A type of Go's, as far as requests have them. The name is the one that refusals tell. */
export type GoType =
  | "string"
  | "bool"
  | "int"
  | "float64"
  | "any"
  | "base64"
  | { readonly name: string; readonly listOf: GoType }
  | { readonly name: string; readonly mapOf: GoType }
  | {
      readonly name: string;
      readonly struct: () => Readonly<Record<string, GoType>>;
      /** What refusals name its fields by, where it is not the whole request. */
      readonly told?: string;
    };

/**
 * Refuses what Go's decoder cannot read into a type. Null is what is left out, and a field that the type does not have
 * is ignored. `at` is the field's name: the struct's, and the path in it without the indexes of lists.
 */
export function checkDecodes(value: unknown, type: GoType, at: string): void {
  if (value === undefined || value === null || type === "any") return;
  if (typeof type === "string") checkPlain(value, type, at);
  else if ("listOf" in type) {
    if (!Array.isArray(value)) throw wrongType(value, at, type.name);
    for (const item of value) checkDecodes(item, type.listOf, at);
  } else {
    if (!isObject(value)) throw wrongType(value, at, type.name);
    if ("mapOf" in type) for (const inner of Object.values(value)) checkDecodes(inner, type.mapOf, at);
    else
      for (const [name, field] of Object.entries(type.struct()))
        checkDecodes(value[name], field, `${type.told ? at.replace(/^\w+/, type.told) : at}.${name}`);
  }
}

function checkPlain(
  value: unknown,
  type: "string" | "bool" | "int" | "float64" | "base64",
  at: string,
): void {
  if (type === "base64") {
    if (typeof value !== "string") throw wrongType(value, at, "[]uint8");
    const wrong = value.search(/[^A-Za-z0-9+/=\r\n]/);
    if (wrong >= 0 || value.length % 4 !== 0)
      throw refuse(400, `illegal base64 data at input byte ${wrong >= 0 ? wrong : value.length}`);
    return;
  }
  const isRight =
    type === "int" || type === "float64"
      ? typeof value === "number" && (type === "float64" || Number.isInteger(value))
      : typeof value === (type === "bool" ? "boolean" : type);
  if (!isRight) throw wrongType(value, at, type);
}

/** The words of Go's JSON decoder. */
function wrongType(value: unknown, field: string, type: string) {
  const got = typeName(value).replace(/^an? /, "");
  const names: Readonly<Record<string, string>> = {
    boolean: "bool",
    integer: "number",
    "decimal number": "number",
  };
  return refuse(
    400,
    `json: cannot unmarshal ${names[got] ?? got} into Go struct field ${field} of type ${type}`,
  );
}
