import type { JsonSchema } from "@eightfold/core";
import { reduceSchema } from "../reduce-schema.ts";

/**
 * What `parametersJsonSchema` takes: the list that the SDK documents for `responseJsonSchema`
 * (https://ai.google.dev/gemini-api/docs/structured-output). An unknown keyword refuses the whole request.
 */
const KEYWORDS = new Set([
  "$defs",
  "$ref",
  "additionalProperties",
  "anyOf",
  "description",
  "enum",
  "format",
  "items",
  "maxItems",
  "maximum",
  "minItems",
  "minimum",
  "prefixItems",
  "properties",
  "required",
  "title",
  "type",
]);

export function geminiSchema(schema: JsonSchema): JsonSchema {
  return reduceSchema(schema, KEYWORDS);
}
