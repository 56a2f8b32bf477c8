import { isObject, type JsonObject, objectOf, objectsOf, stringOf, typeName } from "../json.ts";
import type { Fields } from "../shape.ts";
import { checkStrictSchema, checkToolName } from "./function.ts";
import { invalidType, invalidValue, listed, missingParameter, refuse } from "./refusals.ts";
import { checkAs } from "./shapes.ts";

/** What both of OpenAI's protocols check of the settings beside the conversation. */

type Range = readonly [lowest: number, highest: number, kind: "decimal" | "integer"];

const ranges: Readonly<Record<string, Range>> = {
  temperature: [0, 2, "decimal"],
  top_p: [0, 1, "decimal"],
  frequency_penalty: [-2, 2, "decimal"],
  presence_penalty: [-2, 2, "decimal"],
  n: [1, 128, "integer"],
  top_logprobs: [0, 20, "integer"],
  max_tokens: [1, Infinity, "integer"],
  max_completion_tokens: [1, Infinity, "integer"],
  max_output_tokens: [16, Infinity, "integer"],
  max_tool_calls: [1, Infinity, "integer"],
};

export function checkRanges(body: JsonObject): void {
  for (const [param, [lowest, highest, kind]] of Object.entries(ranges)) {
    const value = body[param];
    if (value === undefined) continue;
    const isNumber = typeof value === "number" && (kind === "decimal" || Number.isInteger(value));
    if (!isNumber) throw invalidType(param, kind === "integer" ? "an integer" : "a decimal", typeName(value));
    if (value < lowest) throw outOfRange(param, kind, "below minimum", `>= ${lowest}`, value);
    if (value > highest) throw outOfRange(param, kind, "above maximum", `<= ${highest}`, value);
  }
}

function outOfRange(param: string, kind: string, side: string, expected: string, value: number) {
  return refuse(
    `Invalid '${param}': ${kind} ${side} value. Expected a value ${expected}, but got ${value} instead.`,
    {
      param,
      code: `${kind}_${side.replace(" ", "_").replace("minimum", "min").replace("maximum", "max")}_value`,
    },
  );
}

/** Refuses a word that is none of these; what is left out is fine. */
export function checkWord(value: unknown, param: string, words: readonly string[]): void {
  if (value === undefined || value === null) return;
  if (!words.includes(stringOf(value))) {
    throw invalidValue(param, isObject(value) ? JSON.stringify(value) : value, listed(words));
  }
}

export const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** Models that think before they answer take no sampling parameters, unless they are told not to think. */
export function reasons(model: string, effort: unknown): boolean {
  return /^(o\d|gpt-([5-9]|\d\d))/.test(model) && !model.includes("-chat") && effort !== "none";
}

/** Whether a reply begins with thoughts, at OpenAI's or another server's: all models but OpenAI's older ones have some. */
export function thinksFirst(model: string, effort: unknown): boolean {
  return reasons(model, effort) || (!isOpenAI(model) && effort !== "none");
}

/** A name of OpenAI's own models, and not of those that others serve (gpt-oss). */
export const isOpenAI = (model: string) => /^(o\d|gpt-\d|chatgpt-)/.test(model);

/** How the answer is to be written: `format` has its fields beside its type, `path` says where it is. */
export function checkFormat(format: unknown, path: string, schemaField?: string): void {
  if (format === undefined || format === null) return;
  if (!isObject(format)) throw invalidType(path, "an object", typeName(format));
  if (format.type === undefined) throw missingParameter(`${path}.type`);
  checkWord(format.type, `${path}.type`, ["json_object", "json_schema", "text"]);
  if (format.type !== "json_schema") return;
  const at = schemaField === undefined ? path : `${path}.${schemaField}`;
  const described = schemaField === undefined ? format : format[schemaField];
  if (!isObject(described)) throw missingParameter(at);
  checkToolName(described.name, `${at}.name`);
  if (!isObject(described.schema)) throw missingParameter(`${at}.schema`);
  if (described.strict !== true) return;
  checkStrictSchema(described.schema, [], (why) =>
    refuse(`Invalid schema for response_format '${String(described.name)}': ${why}`, {
      param: path,
      code: "invalid_json_schema",
    }),
  );
}

/** What a choice of tools names: words like "auto", a tool by its name, or several. */
export function chosenNames(choice: unknown): string[] {
  const { type, name, function: named, custom, allowed_tools: allowed, tools } = objectOf(choice);
  if (type === "allowed_tools") return objectsOf(objectOf(allowed).tools ?? tools).flatMap(chosenNames);
  if (type !== "function" && type !== "custom") return [];
  return [stringOf(name ?? objectOf(named ?? custom).name)];
}

export function checkToolChoice(
  choice: unknown,
  names: readonly string[],
  tags: Readonly<Record<string, Fields | "anything">>,
): void {
  if (choice === undefined) return;
  if (isObject(choice)) checkAs({ tags }, choice, "tool_choice");
  else checkWord(choice, "tool_choice", ["none", "auto", "required"]);
  const missing = chosenNames(choice).find((name) => !names.includes(name));
  if (missing !== undefined)
    throw refuse(`Tool choice '${missing}' not found in 'tools' parameter.`, { param: "tool_choice" });
}
