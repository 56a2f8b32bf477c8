import { isObject, type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import { holdsLoneSurrogate } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { Advise, HttpCall } from "../service.ts";
import { forEachPart, readPayload } from "./payload.ts";
import { badKey, noKey, orphanResponse, refuse, unknownModel, wrongResponseCount } from "./refusals.ts";
import { checkTools } from "./tools.ts";

/** The only key that the server accepts. */
export const goodKey = "AIzaSyWire0123456789abcdef0123456789ab";

/** Refuses a request that Gemini would refuse, whatever was said before; returns its turns. */
export function validateGemini(call: HttpCall, options: WireOptions, advise: Advise): readonly JsonObject[] {
  checkKey(call);
  const { version, model } = targetOf(call);
  checkModel(model, version, options);
  if (!isObject(call.body)) throw refuse("Invalid JSON payload received. Expected a value.");
  if (holdsLoneSurrogate(call.body))
    throw refuse("Invalid JSON payload received. Encountered non UTF-8 code points.");
  const body = readPayload(call.body);
  checkTools(body.tools, advise);
  checkConfig(objectOf(body.generationConfig));
  checkThinking(objectOf(objectOf(body.generationConfig).thinkingConfig), model);
  checkContents(body, advise);
  const turns = turnsOf(objectsOf(body.contents));
  checkTurns(turns);
  checkResponses(turns, advise);
  return turns;
}

/** By header, or in the query. */
export function checkKey({ headers, path }: HttpCall): void {
  const key = headers["x-goog-api-key"] ?? new URLSearchParams(path.split("?")[1]).get("key") ?? "";
  if (key === "") throw noKey();
  if (key !== goodKey) throw badKey();
}

/** The version and the model that the path names. */
export function targetOf({ path }: HttpCall): { version: string; model: string } {
  const [, version = "", model = ""] = /^\/(v1|v1alpha|v1beta)\/models\/([^:?]+)/.exec(path) ?? [];
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
  if (typeof thinkingLevel === "string" && !["LOW", "MEDIUM", "HIGH"].includes(thinkingLevel.toUpperCase())) {
    throw refuse(`Thinking level ${thinkingLevel} is not supported for this model.`);
  }
}

function checkConfig(config: JsonObject): void {
  const { temperature, topP, stopSequences, responseMimeType } = config;
  const within = (value: unknown, highest: number) =>
    value === undefined || (typeof value === "number" && value >= 0 && value <= highest);
  const path = "* GenerateContentRequest.generation_config";
  if (!within(temperature, 2))
    throw refuse(`${path}.temperature: temperature must be in the range [0.0, 2.0].\n`);
  if (!within(topP, 1)) throw refuse(`${path}.top_p: top_p must be in the range [0.0, 1.0].\n`);
  for (const [name, field] of [
    ["max_output_tokens", config.maxOutputTokens],
    ["top_k", config.topK],
    ["candidate_count", config.candidateCount],
  ] as const)
    if (typeof field === "number" && field < 1) throw refuse(`${path}.${name}: ${name} must be positive.\n`);
  if (Array.isArray(stopSequences) && stopSequences.length > 5)
    throw refuse(`${path}.stop_sequences: the number of stop_sequences must not exceed 5.\n`);
  const types = ["text/plain", "application/json", "application/xml", "application/yaml", "text/x.enum"];
  if (responseMimeType !== undefined && !types.includes(stringOf(responseMimeType))) {
    throw refuse(
      `${path}.response_mime_type: allowed mimetypes are \`text/plain\`, \`application/json\`, \`application/xml\`, ` +
        "`application/yaml` and `text/x.enum`.\n",
    );
  }
}

function checkContents(body: JsonObject, advise: Advise): void {
  const contents = objectsOf(body.contents);
  const path = "* GenerateContentRequest";
  if (contents.length === 0) throw refuse(`${path}.contents: contents is not specified\n`);
  const { systemInstruction: system } = body;
  if (system !== undefined && objectsOf(objectOf(system).parts).length === 0) {
    throw refuse(`${path}.system_instruction.parts: contents.parts must not be empty.\n`);
  }
  contents.forEach(({ role, parts }, index) => {
    if (isOldRole(role, parts))
      advise(`contents[${index}].role: function responses are the user's; newer models refuse "${role}"`);
    else if (!["user", "model", "", undefined].some((known) => known === role))
      throw refuse("Please use a valid role: user, model.");
    if (objectsOf(parts).length === 0)
      throw refuse(`${path}.contents[${index}].parts: contents.parts must not be empty.\n`);
  });
  forEachPart(body, (part, at) => {
    const [first, second] = holds.filter((field) => part[field] !== undefined);
    if (first === undefined)
      throw refuse(`${path}.${at}.data: required oneof field 'data' must have one initialized field\n`);
    if (second !== undefined)
      throw refuse(
        `Invalid value at '${at}' (oneof), oneof field 'data' is already set. Cannot set '${second}'`,
      );
    for (const [field, name] of [
      ["functionCall", "function_call"],
      ["functionResponse", "function_response"],
    ] as const)
      if (part[field] !== undefined && stringOf(objectOf(part[field]).name) === "")
        throw refuse(`${path}.${at}.${name}.name: Name cannot be empty.\n`);
  });
}

/** The README of google-genai gives function responses the role "tool", and older examples "function". */
const isOldRole = (role: unknown, parts: unknown) =>
  (role === "tool" || role === "function") && objectsOf(parts).every((part) => "functionResponse" in part);

const holds =
  "text inlineData fileData functionCall functionResponse executableCode codeExecutionResult toolCall toolResponse".split(
    " ",
  );

/** Contents that follow each other in the same role are one turn; whoever is not the model is the user. */
function turnsOf(contents: readonly JsonObject[]): { role: string; parts: JsonObject[] }[] {
  const turns: { role: string; parts: JsonObject[] }[] = [];
  for (const content of contents) {
    const role = content.role === "model" ? "model" : "user";
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...objectsOf(content.parts));
    else turns.push({ role, parts: [...objectsOf(content.parts)] });
  }
  return turns;
}

function checkTurns(turns: readonly { role: string; parts: JsonObject[] }[]): void {
  const [first] = turns;
  if (first?.role === "model") throw outOfTurn(first.parts);
  if (turns.at(-1)?.role === "model")
    throw refuse("Please ensure that multiturn requests end with a user role or a function response.");
}

function outOfTurn(parts: readonly JsonObject[]) {
  return parts.some(({ functionCall }) => functionCall !== undefined)
    ? refuse(
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
      )
    : refuse("Please ensure that multiturn requests alternate between user and model.");
}

/** The responses of a turn are as many as the calls of the turn before. */
function checkResponses(contents: readonly JsonObject[], advise: Advise): void {
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
      if (call && (call.name !== name || (id !== undefined && call.id !== undefined && call.id !== id)))
        advise(`expected the response of ${callName(call)}, got that of ${callName({ name, id })}`);
    });
  });
}

function callsOf(content: JsonObject | undefined): JsonObject[] {
  return objectsOf(content?.parts).flatMap(({ functionCall }) =>
    functionCall === undefined ? [] : [objectOf(functionCall)],
  );
}

const callName = ({ name, id }: JsonObject) => (id === undefined ? String(name) : `${name} ${id}`);
