import { isObject, type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import { holdsLoneSurrogate } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";
import { checkPayload, forEachPart } from "./payload.ts";
import { badKey, noKey, orphanResponse, refuse, unknownModel, wrongResponseCount } from "./refusals.ts";
import { checkTools } from "./tools.ts";

/** The only key that the server accepts. */
export const goodKey = "AIzaSyWire0123456789abcdef0123456789ab";

/** Refuses a request that Gemini would refuse, whatever was said before; returns its contents. */
export function validateGemini(call: HttpCall, options: WireOptions): readonly JsonObject[] {
  checkKey(call);
  const { version, model } = targetOf(call);
  checkModel(model, version, options);
  if (!call.path.includes("alt=sse")) throw refuse("wire: this server streams only: ask with alt=sse");
  const { body } = call;
  if (!isObject(body)) throw refuse("Invalid JSON payload received. Expected a value.");
  if (holdsLoneSurrogate(body))
    throw refuse("Invalid JSON payload received. Encountered non UTF-8 code points.");
  checkPayload(body);
  checkTools(body.tools);
  checkThinking(objectOf(objectOf(body.generationConfig).thinkingConfig), model);
  const contents = objectsOf(body.contents);
  checkContents(contents, body);
  checkResponses(contents);
  return contents;
}

export function checkKey({ headers }: HttpCall): void {
  const key = headers["x-goog-api-key"] ?? "";
  if (key === "") throw noKey();
  if (key !== goodKey) throw badKey();
}

/** The version and the model that the path names. */
export function targetOf({ path }: HttpCall): { version: string; model: string } {
  const [, version = "", model = ""] = /^\/(v1|v1beta)\/models\/([^:?]+)/.exec(path) ?? [];
  return { version, model: decodeURIComponent(model) };
}

/** Models in preview are not served by the stable version. */
export function checkModel(model: string, version: string, options: WireOptions): void {
  const isKnown = options.model === undefined || options.model === model;
  if (!isKnown || (model.includes("-preview") && version === "v1")) throw unknownModel(model, version);
}

function checkThinking({ thinkingBudget, thinkingLevel }: JsonObject, model: string): void {
  if (thinkingBudget !== undefined && thinkingLevel !== undefined) {
    throw refuse("You can only set one of thinking budget and thinking level.");
  }
  if (thinkingBudget !== undefined && model.startsWith("gemini-4")) {
    throw refuse("Thinking budget is not supported for this model.");
  }
  if (
    thinkingLevel !== undefined &&
    !["LOW", "MEDIUM", "HIGH"].includes(stringOf(thinkingLevel).toUpperCase())
  ) {
    throw refuse(`Thinking level ${String(thinkingLevel)} is not supported for this model.`);
  }
}

function checkContents(contents: readonly JsonObject[], body: JsonObject): void {
  if (contents.length === 0) throw refuse("* GenerateContentRequest.contents: contents is not specified\n");
  if (
    body.systemInstruction !== undefined &&
    objectsOf(objectOf(body.systemInstruction).parts).length === 0
  ) {
    throw refuse("* GenerateContentRequest.system_instruction.parts: contents.parts must not be empty.\n");
  }
  contents.forEach(({ role, parts }, index) => {
    if (role !== "user" && role !== "model") throw refuse("Please use a valid role: user, model.");
    if (objectsOf(parts).length === 0) {
      throw refuse(`* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.\n`);
    }
    if (role !== (index % 2 === 0 ? "user" : "model")) throw outOfTurn(objectsOf(parts));
  });
  forEachPart(body, (part, path) => {
    const holds = ["text", "functionCall", "functionResponse", "inlineData", "fileData"];
    if (!holds.some((field) => part[field] !== undefined)) {
      throw refuse(
        `* GenerateContentRequest.${path}.data: required oneof field 'data' must have one initialized field\n`,
      );
    }
  });
  if (contents.at(-1)?.role === "model") {
    throw refuse("Please ensure that multiturn requests end with a user role or a function response.");
  }
}

function outOfTurn(parts: readonly JsonObject[]) {
  return parts.some(({ functionCall }) => functionCall !== undefined)
    ? refuse(
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
      )
    : refuse("Please ensure that multiturn requests alternate between user and model.");
}

/** The responses of a turn are as many as the calls of the turn before, in the same order. */
function checkResponses(contents: readonly JsonObject[]): void {
  contents.forEach(({ role, parts }, index) => {
    if (role !== "user") return;
    const calls = callsOf(contents[index - 1]);
    const responses = objectsOf(parts).flatMap(({ functionResponse }) =>
      functionResponse === undefined ? [] : [objectOf(functionResponse)],
    );
    if (calls.length === 0 && responses.length > 0) throw orphanResponse();
    if (calls.length !== responses.length) throw wrongResponseCount();
    responses.forEach(({ name, id }, at) => {
      const call = calls[at];
      if (call && (call.name !== name || (id !== undefined && call.id !== id)))
        throw wrongCall({ name, id }, call);
    });
  });
}

function callsOf(content: JsonObject | undefined): JsonObject[] {
  return objectsOf(content?.parts).flatMap(({ functionCall }) =>
    functionCall === undefined ? [] : [objectOf(functionCall)],
  );
}

/** The service takes results for the wrong calls without a word; these words are this server's. */
const wrongCall = (got: JsonObject, expected: JsonObject) =>
  refuse(`wire: expected the response of ${callName(expected)}, got that of ${callName(got)}`);

const callName = ({ name, id }: JsonObject) => (id === undefined ? String(name) : `${name} ${id}`);
