import { isObject, type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import { innerSchemas, schemaTypes, typesOf } from "../schema.ts";
import type { Advise } from "../service.ts";
import { refuse } from "./refusals.ts";

/** Refuses declarations that Gemini would refuse: names, and schemas that it cannot read. */
export function checkTools(tools: unknown, advise: Advise): void {
  const seen = new Set<string>();
  objectsOf(tools).forEach((tool, index) => {
    objectsOf(tool.functionDeclarations).forEach((declaration, at) => {
      const path = `GenerateContentRequest.tools[${index}].function_declarations[${at}]`;
      const name = stringOf(declaration.name);
      if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(name)) throw badName(path);
      if (seen.has(name)) throw refuse(`Duplicate function declaration found: ${name}`);
      seen.add(name);
      checkParameters(declaration, name, path, advise);
    });
  });
}

function checkParameters(
  { parameters, parametersJsonSchema }: JsonObject,
  name: string,
  path: string,
  advise: Advise,
): void {
  const given = parameters ?? parametersJsonSchema;
  if (given === undefined) return;
  if (parameters !== undefined && parametersJsonSchema !== undefined) {
    throw refuse(`* ${path}: only one of parameters and parameters_json_schema can be set\n`);
  }
  if (!isObject(given) || stringOf(given.type).toLowerCase() !== "object") {
    throw refuse(`\`${name}\` functionDeclaration \`parameters\` schema should be of type OBJECT.`);
  }
  const at = `${path}.${parameters === undefined ? "parameters_json_schema" : "parameters"}`;
  const complaints = complaintsOf(given, at, parameters !== undefined);
  if (complaints.length > 0) throw refuse(complaints.map((complaint) => `* ${complaint}\n`).join(""));
  if (parameters === undefined) adviseOnKeywords(given, at, advise);
}

/** What no schema may have, all of it named. OpenAPI's form has no object without properties. */
function complaintsOf(schema: JsonObject, path: string, isOpenApi: boolean): string[] {
  const types = typesOf(schema).map((type) => String(type).toLowerCase());
  const properties = objectOf(schema.properties);
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const complaints = required.flatMap((name, index) =>
    Object.hasOwn(properties, String(name)) ? [] : `${path}.required[${index}]: property is not defined`,
  );
  if (types.some((type) => !schemaTypes.includes(type))) complaints.push(`${path}.type: unknown type`);
  if (types.includes("array") && schema.items === undefined && schema.prefixItems === undefined)
    complaints.push(`${path}.items: missing field.`);
  if (isOpenApi && types.includes("object") && Object.keys(properties).length === 0)
    complaints.push(`${path}.properties: should be non-empty for OBJECT type`);
  for (const [steps, inner] of innerSchemas(schema))
    complaints.push(...complaintsOf(inner, `${path}.${written(steps)}`, isOpenApi));
  return complaints;
}

const written = ([keyword = "", key]: readonly string[]) =>
  key === undefined ? keyword : `${keyword}[${key}]`;

/** The keywords that the API's reference lists for a JSON Schema, and `$schema`. What becomes of others is not told. */
const keywords = new Set(
  (
    "$schema $id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum " +
    "maximum anyOf oneOf properties additionalProperties required"
  ).split(" "),
);

function adviseOnKeywords(schema: JsonObject, path: string, advise: Advise): void {
  for (const keyword of Object.keys(schema))
    if (!keywords.has(keyword))
      advise(`${path}: "${keyword}" is none of the documented keywords of a JSON Schema`);
  for (const [steps, inner] of innerSchemas(schema))
    adviseOnKeywords(inner, `${path}.${written(steps)}`, advise);
}

const badName = (path: string) =>
  refuse(
    `* ${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, ` +
      "0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n",
  );
