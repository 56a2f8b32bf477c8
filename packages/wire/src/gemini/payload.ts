import { isObject, type JsonObject, objectOf } from "../json.ts";
import { schemaTypes } from "../schema.ts";
import { badPayload, refuse, unknownName } from "./refusals.ts";

/**
 * The service reads JSON into protocol buffers: a field that a message does not have refuses the whole request. A name
 * may be written in either spelling (`systemInstruction`, `system_instruction`), one message may stand for a list of
 * one, and null for what is left out: https://protobuf.dev/programming-guides/json
 */
interface Message {
  /** The name of the type, as refusals tell it. */
  readonly name: string;
  readonly fields: () => Readonly<Record<string, Field>>;
}

/** `true` for anything; a message, a list of messages, a map of them; one of a few words. */
type Field =
  | true
  | Message
  | readonly [Message]
  | { readonly mapOf: Message }
  | { readonly word: string; readonly of: readonly string[] };

type Violation = { field: string; description: string };

/** The body in the one spelling of this server. Refuses what the service cannot read, all of it named. */
export function readPayload(body: JsonObject): JsonObject {
  const violations: Violation[] = [];
  const read = readMessage(body, request, "", violations);
  if (violations.length > 0) throw badPayload(violations);
  const struct = "(type.googleapis.com/google.protobuf.Struct)";
  forEachPart(read, (part, path) => {
    const { functionCall, functionResponse } = part;
    const { args } = objectOf(functionCall);
    if (args !== undefined) checkStruct(args, `${path}.function_call.args`, struct);
    if (functionResponse !== undefined) {
      checkStruct(objectOf(functionResponse).response, `${path}.function_response.response`, struct);
    }
  });
  return read;
}

/** The same without a refusal: what cannot be read is left out. */
export function spelledOut(body: unknown): JsonObject {
  return readMessage(objectOf(body), request, "", []);
}

/** Calls `visit` for each part of the contents, with where it is. */
export function forEachPart(body: JsonObject, visit: (part: JsonObject, path: string) => void): void {
  listOf(body.contents).forEach((content, index) => {
    listOf(objectOf(content).parts).forEach((part, at) => {
      visit(objectOf(part), `contents[${index}].parts[${at}]`);
    });
  });
}

function checkStruct(value: unknown, path: string, type: string): void {
  if (!isObject(value))
    throw refuse(`Invalid value at '${path}' ${type}, ${JSON.stringify(value) ?? "null"}`);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readMessage(value: unknown, message: Message, path: string, violations: Violation[]): JsonObject {
  if (!isObject(value)) {
    violations.push(invalidValue(path, message.name, value));
    return {};
  }
  const fields = message.fields();
  const read: JsonObject = {};
  for (const [given, inner] of Object.entries(value)) {
    const name = given.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) violations.push(unknownName(given, path));
    else if (inner !== null) {
      const at = `${path === "" ? "" : `${path}.`}${snakeCase(name)}`;
      if (Array.isArray(inner) && field !== true && ("name" in field || "word" in field))
        violations.push(notRepeated(given, path));
      else read[name] = readField(inner, field, at, violations);
    }
  }
  return read;
}

function readField(value: unknown, field: Field, at: string, violations: Violation[]): unknown {
  if (field === true) return value;
  if ("word" in field) {
    const isKnown = field.of.includes(String(value).toUpperCase());
    if (!isKnown) violations.push(invalidValue(at, field.word, value));
    return value;
  }
  if ("mapOf" in field) {
    const entries = Object.entries(objectOf(value));
    const read = entries.map(([key, inner], index) => [
      key,
      readMessage(inner, field.mapOf, `${at}[${index}].value`, violations),
    ]);
    return Object.fromEntries(read);
  }
  if ("name" in field) return readMessage(value, field, at, violations);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item, index) => readMessage(item, field[0], `${at}[${index}]`, violations));
}

const invalidValue = (path: string, type: string, value: unknown): Violation => ({
  field: path,
  description:
    `Invalid value at '${path}' (type.googleapis.com/google.ai.generativelanguage.v1beta.${type}), ` +
    JSON.stringify(value),
});

const notRepeated = (name: string, path: string): Violation => ({
  field: path,
  description:
    `Invalid JSON payload received. Unknown name "${name}"${path === "" ? "" : ` at '${path}'`}: Proto field is not ` +
    "repeating, cannot start list.",
});

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const named = (names: string): Record<string, true> =>
  Object.fromEntries(names.split(" ").map((name) => [name, true]));

const request: Message = {
  name: "GenerateContentRequest",
  fields: () => ({
    ...named("model safetySettings cachedContent labels serviceTier store continuationToken"),
    contents: [content],
    systemInstruction: content,
    tools: [tool],
    toolConfig,
    generationConfig,
  }),
};

const content: Message = { name: "Content", fields: () => ({ role: true, parts: [part] }) };

const part: Message = {
  name: "Part",
  fields: () => ({
    ...named("text thought thoughtSignature inlineData fileData executableCode codeExecutionResult toolCall"),
    ...named("toolResponse audioTranscription videoMetadata partMetadata mediaResolution mediaProcessing"),
    ...named("speechMetadata"),
    functionCall: { name: "FunctionCall", fields: () => named("id name args") },
    functionResponse: {
      name: "FunctionResponse",
      fields: () => named("id name response parts scheduling willContinue"),
    },
  }),
};

const tool: Message = {
  name: "Tool",
  fields: () => ({
    ...named("googleSearch googleSearchRetrieval codeExecution urlContext fileSearch googleMaps computerUse"),
    ...named("mcpServers"),
    functionDeclarations: [declaration],
  }),
};

const declaration: Message = {
  name: "FunctionDeclaration",
  fields: () => ({
    ...named("name description parametersJsonSchema responseJsonSchema behavior"),
    parameters: schema,
    response: schema,
  }),
};

/** A subset of OpenAPI, where `type` is one word. */
const schema: Message = {
  name: "Schema",
  fields: () => ({
    ...named(
      "format title description nullable enum maxItems minItems minProperties maxProperties minLength",
    ),
    ...named("maxLength pattern example default minimum maximum required propertyOrdering"),
    type: { word: "Type", of: [...schemaTypes, "type_unspecified"].map((type) => type.toUpperCase()) },
    properties: { mapOf: schema },
    anyOf: [schema],
    items: schema,
  }),
};

const toolConfig: Message = {
  name: "ToolConfig",
  fields: () => ({
    ...named("retrievalConfig includeServerSideToolInvocations"),
    functionCallingConfig: {
      name: "FunctionCallingConfig",
      fields: () => ({
        allowedFunctionNames: true,
        mode: {
          word: "FunctionCallingConfig.Mode",
          of: ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"],
        },
      }),
    },
  }),
};

const generationConfig: Message = {
  name: "GenerationConfig",
  fields: () => ({
    ...named(
      "stopSequences responseMimeType responseJsonSchema responseFormat responseModalities candidateCount",
    ),
    ...named("maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseLogprobs"),
    ...named(
      "logprobs enableEnhancedCivicAnswers speechConfig imageConfig mediaResolution translationConfig",
    ),
    ...named("audioTranscriptionConfig"),
    responseSchema: schema,
    thinkingConfig: {
      name: "ThinkingConfig",
      fields: () => ({
        ...named("includeThoughts thinkingBudget"),
        thinkingLevel: {
          word: "ThinkingConfig.ThinkingLevel",
          of: ["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"],
        },
      }),
    },
  }),
};
