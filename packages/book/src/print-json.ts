const WIDTH = 96;
const LONGEST = 76;

/**
 * A value as short JSON for a reader: what fits a line is on one, a long text is cut to a line, and of the schemas
 * inside only the names of their properties are left.
 */
export function printJson(value: unknown): string[] {
  return print(shorten(value, 0), "");
}

function shorten(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    const letters = [...value];
    return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("").trimEnd()}…` : value;
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => shorten(each, depth + 1));
  const properties = depth > 2 && "properties" in value ? value.properties : undefined;
  if (properties) return { "…": Object.keys(properties).join(", ") };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shorten(each, depth + 1)]));
}

function print(value: unknown, indent: string): string[] {
  const short = inline(value);
  if (indent.length + short.length <= WIDTH || value === null || typeof value !== "object") return [short];
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each) => print(each, `${indent}  `))
    : Object.entries(value).map(([key, each]) => {
        const [first = "", ...rest] = print(each, `${indent}  `);
        return [`${JSON.stringify(key)}: ${first}`, ...rest];
      });
  const inner = parts.flatMap((lines, index) =>
    lines.map((line, at) => `  ${line}${at === lines.length - 1 && index < parts.length - 1 ? "," : ""}`),
  );
  return isList ? ["[", ...inner, "]"] : ["{", ...inner, "}"];
}

/** JSON with a space behind each comma and colon. */
function inline(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${inline(each)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
