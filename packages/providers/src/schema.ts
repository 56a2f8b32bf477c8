import type { JsonSchema } from "@eightfold/core";
import { recordOf } from "./wire-values.ts";

/** Keywords whose value is one schema, a list of schemas, or schemas by name. */
const ONE = new Set(["items", "additionalProperties"]);
const MANY = new Set(["anyOf", "allOf", "prefixItems"]);
const NAMED = new Set(["properties", "$defs"]);

/**
 * The same schema in the keywords that a provider reads. What has a near equivalent is rewritten (`const` as
 * `enum`, `oneOf` as `anyOf`, an exclusive bound as an inclusive one, a `$ref` as its target where `$ref` is not
 * read); the rest is left out. The result is looser, never stricter: our tools check every input themselves.
 */
export function reduceSchema(schema: JsonSchema, keywords: ReadonlySet<string>): JsonSchema {
  return reduce(schema, { keywords, definitions: recordOf(schema.$defs), inside: [] });
}

interface Scope {
  readonly keywords: ReadonlySet<string>;
  readonly definitions: JsonSchema;
  /** The references that are being written out: one that is met again inside itself becomes "anything". */
  readonly inside: readonly string[];
}

function reduce(schema: JsonSchema, scope: Scope): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref === "string") return scope.keywords.has("$ref") ? { $ref } : target($ref, scope);

  const entries = Object.entries(rewritten(schema)).filter(([key]) => scope.keywords.has(key));
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const reduced = reduceValue(key, value, scope);
      return reduced === undefined ? [] : [[key, reduced]];
    }),
  );
}

function reduceValue(key: string, value: unknown, scope: Scope): unknown {
  if (ONE.has(key)) {
    // `false` and `true` are schemas too, which no provider's reader expects anywhere else.
    if (typeof value === "boolean") return key === "additionalProperties" ? value : undefined;
    return reduce(recordOf(value), scope);
  }
  if (MANY.has(key) && Array.isArray(value)) return value.map((each) => reduce(recordOf(each), scope));
  if (NAMED.has(key)) {
    return Object.fromEntries(
      Object.entries(recordOf(value)).map(([name, each]) => [name, reduce(recordOf(each), scope)]),
    );
  }
  return value;
}

function target(reference: string, scope: Scope): JsonSchema {
  if (scope.inside.includes(reference)) return {};
  const definition = recordOf(scope.definitions[reference.replace("#/$defs/", "")]);
  return reduce(definition, { ...scope, inside: [...scope.inside, reference] });
}

function rewritten(schema: JsonSchema): JsonSchema {
  const { const: only, oneOf, exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const step = schema.type === "integer" ? 1 : 0;
  return {
    ...rest,
    ...((typeof only === "string" || typeof only === "number") && { enum: [only] }),
    ...(oneOf !== undefined && { anyOf: oneOf }),
    ...(typeof exclusiveMinimum === "number" && { minimum: exclusiveMinimum + step }),
    ...(typeof exclusiveMaximum === "number" && { maximum: exclusiveMaximum - step }),
  };
}
