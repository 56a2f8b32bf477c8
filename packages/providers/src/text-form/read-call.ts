import type { JsonSchema } from "@eightfold/core";
import { parseArguments } from "../arguments.ts";
import type { Offer } from "./forms.ts";

export interface WrittenCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type ReadCall = WrittenCall | { readonly problem: string };

/** The fields that models give a call beside its name and arguments. `parameters` is Llama's word for arguments. */
const FIELDS = new Set(["name", "arguments", "parameters", "type", "id"]);

/** Reads `{"name": …, "arguments": {…}}`. */
export function readJson(text: string): ReadCall {
  const { input: fields, invalid } = parseArguments(text);
  if (invalid !== undefined) return { problem: invalid.replace("The arguments", "It") };
  const { name, arguments: given, parameters } = fields;
  if (typeof name !== "string") return { problem: 'It has no "name".' };
  const others = Object.keys(fields).filter((field) => !FIELDS.has(field));
  if (others.length > 0) return { problem: `It has fields that no call has: ${others.join(", ")}.` };
  const written = given ?? parameters ?? {};
  const { input, invalid: problem } = parseArguments(
    typeof written === "string" ? written : JSON.stringify(written),
  );
  return problem === undefined ? { name, input } : { problem };
}

/** Reads one tag for each argument: `<path>a.txt</path>`. A value ends where another argument or nothing follows. */
export function readTags(name: string, text: string, offer: Offer): ReadCall {
  const known = Object.keys(propertiesOf(offer.get(name))).filter((key) => /^[\w-]+$/.test(key));
  const names = known.length > 0 ? known.join("|") : "[\\w-]+";
  const tag = new RegExp(`\\s*<(${names})>(.*?)</\\1>(?=\\s*(?:<(?:${names})>|$))`, "sy");
  return readArguments(name, text, tag, offer);
}

/** Reads `<parameter=path>a.txt</parameter>`, one after the other. */
export function readParameters(name: string, text: string, offer: Offer): ReadCall {
  return readArguments(
    name,
    text,
    /\s*<parameter=([^>\n]+)>(.*?)<\/parameter>(?=\s*(?:<parameter=|$))/sy,
    offer,
  );
}

function readArguments(name: string, text: string, argument: RegExp, offer: Offer): ReadCall {
  const properties = propertiesOf(offer.get(name));
  const written = text.trimEnd();
  const entries: [string, unknown][] = [];
  while (argument.lastIndex < written.length) {
    const at = argument.lastIndex;
    const [, key = "", value = ""] = argument.exec(written) ?? [];
    if (key === "") return { problem: `No argument can be read at: ${written.slice(at, at + 60).trim()}` };
    entries.push([key, typedValue(value, properties[key])]);
  }
  return { name, input: Object.fromEntries(entries) };
}

/** A text as it is, without the line breaks next to its tags; any other type as JSON. */
function typedValue(written: string, property: JsonSchema | undefined): unknown {
  const text = written.replace(/^\r?\n/, "").replace(/\r?\n[ \t]*$/, "");
  if (property === undefined || property.type === "string" || property.type === undefined) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a call is for a tool on offer, with arguments that this tool declares, and all that it requires. */
export function fitsTool(call: ReadCall, offer: Offer): boolean {
  if ("problem" in call) return false;
  const schema = offer.get(call.name);
  if (schema === undefined) return false;
  const properties = propertiesOf(schema);
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return (
    Object.keys(call.input).every((key) => Object.hasOwn(properties, key)) &&
    required.every((key) => Object.hasOwn(call.input, key))
  );
}

export function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema ?? {};
  return typeof properties === "object" && properties !== null
    ? (properties as Record<string, JsonSchema>)
    : {};
}
