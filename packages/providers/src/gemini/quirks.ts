/** What Gemini's models do not take, as far as it is known before a request, or is learned from a refusal. */
import type { JsonSchema } from "@eightfold/core";
import { type Learned, nothingLearned, OWN_TURNS, type Quirk } from "../learning.ts";
import { reduceSchema } from "../wire-values.ts";

/** Older models cannot tell what they think, and refuse to be asked. */
export function learnedOf(model: string): Learned {
  return /gemini-(1\.|2\.0)|gemma|learnlm/.test(model) ? nothingLearned("thoughts") : nothingLearned();
}

export const QUIRKS: readonly Quirk[] = [
  // Preview models are only in v1beta: "… is not found for API version v1".
  { name: "v1", statuses: [404], words: /^/ },
  // Thought signatures that were made with another key, or damaged.
  { name: OWN_TURNS, statuses: [400], words: /thought[\s_-]*signature/i },
  { name: "thoughts", statuses: [400], words: /thinking|include_?thoughts/i },
];

/**
 * What `parametersJsonSchema` takes: the list that the SDK documents for `responseJsonSchema`
 * (https://ai.google.dev/gemini-api/docs/structured-output). An unknown keyword refuses the whole request.
 */
const KEYWORDS = new Set(
  (
    "$defs $ref additionalProperties anyOf description enum format items maxItems maximum minItems minimum " +
    "prefixItems properties required title type"
  ).split(" "),
);

export const geminiSchema = (schema: JsonSchema) => reduceSchema(schema, KEYWORDS);
