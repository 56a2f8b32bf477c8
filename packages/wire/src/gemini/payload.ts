import { isObject, type JsonObject, objectOf } from "../json.ts";
import { badPayload, refuse, unknownName } from "./refusals.ts";

/**
 * The service reads JSON into protocol buffers, so that a field it does not know refuses the whole request. A shape
 * says which fields a message has: `true` for anything, a shape for a message, `[shape]` for a list of messages,
 * `{ map: shape }` for a map of them.
 */
type Shape = { readonly [field: string]: Field };
type Field = true | (() => Shape) | readonly [() => Shape] | { readonly map: () => Shape };
type Violation = { field: string; description: string };

/** Refuses a body with fields that the service does not know, all of them named. */
export function checkPayload(body: JsonObject): void {
  const violations = violationsOf(body, request(), "");
  if (violations.length > 0) throw badPayload(violations);
  const response = "(type.googleapis.com/google.protobuf.Struct)";
  forEachPart(body, (part, path) => {
    const { functionCall, functionResponse } = part;
    if (functionCall !== undefined && objectOf(functionCall).args !== undefined) {
      checkStruct(objectOf(functionCall).args, `${path}.function_call.args`, response);
    }
    if (functionResponse !== undefined) {
      checkStruct(objectOf(functionResponse).response, `${path}.function_response.response`, response);
    }
  });
}

/** Calls `visit` for each part of the contents, with where it stands. */
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

function violationsOf(value: unknown, shape: Shape, path: string): Violation[] {
  return Object.entries(objectOf(value)).flatMap(([name, inner]) => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) return [unknownName(name, path)];
    if (field === true) return [];
    const at = `${path === "" ? "" : `${path}.`}${snakeCase(name)}`;
    if (typeof field === "function") {
      return Array.isArray(inner) ? [notRepeated(name, path)] : violationsOf(inner, field(), at);
    }
    if (Array.isArray(field)) {
      return listOf(inner).flatMap((item, index) => violationsOf(item, field[0](), `${at}[${index}]`));
    }
    const { map } = field as { map: () => Shape };
    return Object.values(objectOf(inner)).flatMap((item, index) =>
      violationsOf(item, map(), `${at}[${index}].value`),
    );
  });
}

const notRepeated = (name: string, path: string): Violation => ({
  field: path,
  description:
    `Invalid JSON payload received. Unknown name "${name}"${path === "" ? "" : ` at '${path}'`}: Proto field is not ` +
    "repeating, cannot start list.",
});

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const fields = (names: string): Record<string, true> =>
  Object.fromEntries(names.split(" ").map((name) => [name, true]));

const request = (): Shape => ({
  ...fields("model safetySettings cachedContent labels serviceTier store continuationToken"),
  contents: [content],
  systemInstruction: content,
  tools: [tool],
  toolConfig,
  generationConfig,
});

const content = (): Shape => ({ role: true, parts: [part] });

const part = (): Shape => ({
  ...fields("text thought thoughtSignature inlineData fileData executableCode codeExecutionResult"),
  ...fields("videoMetadata partMetadata mediaResolution"),
  functionCall: () => fields("id name args"),
  functionResponse: () => fields("id name response parts scheduling willContinue"),
});

const tool = (): Shape => ({
  ...fields("googleSearch googleSearchRetrieval codeExecution urlContext fileSearch googleMaps computerUse"),
  functionDeclarations: [declaration],
});

const declaration = (): Shape => ({
  ...fields("name description parametersJsonSchema responseJsonSchema behavior"),
  parameters: schema,
  response: schema,
});

/** The Schema message: a subset of OpenAPI, where `type` is one word. */
const schema = (): Shape => ({
  ...fields(
    "type format title description nullable enum maxItems minItems minProperties maxProperties minLength",
  ),
  ...fields("maxLength pattern example default minimum maximum required propertyOrdering"),
  type: () => ({}),
  properties: { map: schema },
  anyOf: [schema],
  items: schema,
});

const toolConfig = (): Shape => ({
  ...fields("retrievalConfig includeServerSideToolInvocations"),
  functionCallingConfig: () => fields("mode allowedFunctionNames"),
});

const generationConfig = (): Shape => ({
  ...fields(
    "stopSequences responseMimeType responseSchema responseJsonSchema responseModalities candidateCount",
  ),
  ...fields(
    "maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseLogprobs logprobs",
  ),
  ...fields("enableEnhancedCivicAnswers speechConfig imageConfig mediaResolution"),
  thinkingConfig: () => fields("includeThoughts thinkingBudget thinkingLevel"),
});
