import { isObject, type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import { refuse } from "./refusals.ts";

/** Refuses declarations that Gemini would refuse: names, and schemas outside of the documented subset. */
export function checkTools(tools: unknown): void {
  const seen = new Set<string>();
  objectsOf(tools).forEach((tool, index) => {
    objectsOf(tool.functionDeclarations).forEach((declaration, at) => {
      const path = `GenerateContentRequest.tools[${index}].function_declarations[${at}]`;
      const name = stringOf(declaration.name);
      if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(name)) throw badName(path);
      if (seen.has(name)) throw refuse(`Duplicate function declaration found: ${name}`);
      seen.add(name);
      checkParameters(declaration, name, path);
    });
  });
}

function checkParameters({ parameters, parametersJsonSchema }: JsonObject, name: string, path: string): void {
  const given = parameters ?? parametersJsonSchema;
  if (given === undefined) return;
  if (parameters !== undefined && parametersJsonSchema !== undefined) {
    throw refuse(`* ${path}: only one of parameters and parameters_json_schema can be set\n`);
  }
  if (!isObject(given) || stringOf(given.type).toLowerCase() !== "object") {
    throw refuse(`\`${name}\` functionDeclaration \`parameters\` schema should be of type OBJECT.`);
  }
  if (isObject(parameters) && Object.keys(objectOf(parameters.properties)).length === 0) {
    throw refuse(`* ${path}.parameters.properties: should be non-empty for OBJECT type\n`);
  }
  if (isObject(parametersJsonSchema)) checkSchema(parametersJsonSchema, `${path}.parameters_json_schema`);
}

/**
 * The keywords that the API's reference lists for a JSON Schema, and `$schema`. What the service does with others is
 * not documented, so that this server refuses them in its own words.
 */
const keywords = new Set(
  (
    "$schema $id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum " +
    "maximum anyOf oneOf properties additionalProperties required"
  ).split(" "),
);

function checkSchema(schema: JsonObject, path: string): void {
  const unknown = Object.keys(schema).find((keyword) => !keywords.has(keyword));
  if (unknown !== undefined) throw refuse(`wire: ${path}: undocumented JSON Schema keyword "${unknown}"`);
  for (const name of ["properties", "$defs"]) {
    for (const [key, inner] of Object.entries(objectOf(schema[name]))) {
      if (isObject(inner)) checkSchema(inner, `${path}.${name}.${key}`);
    }
  }
  for (const name of ["anyOf", "oneOf", "prefixItems"]) {
    objectsOf(schema[name]).forEach((inner, index) => {
      checkSchema(inner, `${path}.${name}[${index}]`);
    });
  }
  for (const name of ["items", "additionalProperties"]) {
    const inner = schema[name];
    if (isObject(inner)) checkSchema(inner, `${path}.${name}`);
  }
}

const badName = (path: string) =>
  refuse(
    `* ${path}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, ` +
      "0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n",
  );
