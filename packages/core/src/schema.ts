import { z } from "zod";
import type { JsonSchema } from "./model.ts";

/** The JSON Schema sent to a model: what it may write, without zod's `$schema` and the bounds of a double. */
export function jsonSchemaOf(schema: z.ZodObject): JsonSchema {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return parameters;
}
