import { isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import type { WireOptions } from "../script.ts";
import { type HttpCall, Refusal } from "../service.ts";
import {
  badKey,
  badSchema,
  invalidType,
  missingParameter,
  noKey,
  refuse,
  tooLong,
  unknownModel,
  unknownParameter,
} from "./refusals.ts";

/** What both of OpenAI's dialects check in the same way. */

/** The only key that the servers accept. */
export const goodKey = "sk-wire-0123456789abcdef";

export function checkKey({ headers }: HttpCall): void {
  const key = headers.authorization?.replace(/^Bearer\s*/i, "") ?? "";
  if (key === "") throw noKey();
  if (key !== goodKey) throw badKey(key);
}

/** The body as an object; refuses what is none, and text that no UTF-8 can hold. */
export function readBody({ body }: HttpCall): JsonObject {
  const unreadable =
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
    "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble " +
    "figuring out how to fix this, please contact us through our help center at help.openai.com.)";
  if (!isObject(body) || holdsLoneSurrogate(body)) throw refuse(unreadable);
  return body;
}

/** JSON can escape half of a surrogate pair (`"\ud83d"`); services that decode to UTF-8 cannot hold it. */
export function holdsLoneSurrogate(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (Array.isArray(value)) return value.some(holdsLoneSurrogate);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => !key.isWellFormed() || holdsLoneSurrogate(inner));
}

export function checkKeys(object: JsonObject, allowed: ReadonlySet<string>, path = ""): void {
  const unknown = Object.keys(object).find((key) => !allowed.has(key));
  if (unknown !== undefined) throw unknownParameter(path === "" ? unknown : `${path}.${unknown}`);
}

export function checkModel(body: JsonObject, { model }: WireOptions): string {
  const asked = stringOf(body.model);
  if (asked === "") throw missingParameter("model");
  if (model !== undefined && asked !== model) throw unknownModel(asked);
  return asked;
}

/** Both protocols can answer in one piece; no agent here asks for that, so no server here does it. */
export function checkStream(body: JsonObject): void {
  if (body.stream !== true) throw refuse("Stream must be set to true", { param: "stream" });
}

/** A function's name, parameters and strictness; `path` is where it stands in the request. */
export function checkFunction(tool: JsonObject, path: string): void {
  const { name, description, parameters, strict } = tool;
  if (name === undefined) throw missingParameter(`${path}.name`);
  if (typeof name !== "string") throw invalidType(`${path}.name`, "a string", "something else");
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) throw badName(`${path}.name`);
  if (name.length > 64) throw tooLong(`${path}.name`, 64, name.length);
  if (description !== undefined && description !== null && typeof description !== "string") {
    throw invalidType(`${path}.description`, "a string", "something else");
  }
  if (parameters === undefined || parameters === null) return;
  if (!isObject(parameters)) throw invalidType(`${path}.parameters`, "an object", "something else");
  if (parameters.type !== "object") {
    const got = typeof parameters.type === "string" ? parameters.type : "None";
    throw badSchema(
      name,
      `schema must be a JSON Schema of 'type: "object"', got 'type: "${got}"'.`,
      `${path}.parameters`,
    );
  }
  if (strict === true) checkStrictSchema(name, parameters, [], `${path}.parameters`);
}

const badName = (param: string) =>
  refuse(
    `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    { param, code: "invalid_value" },
  );

/** Strict schemas name every property as required and allow no others, at every depth. */
function checkStrictSchema(name: string, schema: JsonObject, at: readonly string[], param: string): void {
  const context = `In context=(${at.map((step) => `'${step}'`).join(", ")}${at.length === 1 ? "," : ""})`;
  if (schema.type === "object") {
    if (schema.additionalProperties !== false) {
      const why = `${context}, 'additionalProperties' is required to be supplied and to be false.`;
      throw badSchema(name, why, param);
    }
    const properties = isObject(schema.properties) ? schema.properties : {};
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const missing = Object.keys(properties).find((key) => !required.has(key));
    if (missing !== undefined) {
      const why =
        `${context}, 'required' is required to be supplied and to be an array including every key in properties. ` +
        `Missing '${missing}'.`;
      throw badSchema(name, why, param);
    }
    for (const [key, inner] of Object.entries(properties)) {
      if (isObject(inner)) checkStrictSchema(name, inner, [...at, "properties", key], param);
    }
  }
  if (isObject(schema.items)) checkStrictSchema(name, schema.items, [...at, "items"], param);
}

/** `GET /v1/models` and `GET /v1/models/NAME`; any other path is unknown. */
export function lookUpModels(call: HttpCall, model: string): unknown {
  checkKey(call);
  const entry = { id: model, object: "model", created: 1790000000, owned_by: "openai" };
  const path = call.path.split("?")[0] ?? "";
  if (call.method === "GET" && path === "/v1/models") return { object: "list", data: [entry] };
  if (call.method === "GET" && path === `/v1/models/${encodeURIComponent(model)}`) return entry;
  if (call.method === "GET" && path.startsWith("/v1/models/"))
    throw unknownModel(path.slice("/v1/models/".length));
  const message = `Invalid URL (${call.method} ${path})`;
  throw new Refusal(404, message, {
    error: { message, type: "invalid_request_error", param: null, code: null },
  });
}

export function askedModel({ body }: HttpCall): string {
  return stringOf(objectOf(body).model);
}

export function asksFor(path: string): (call: HttpCall) => boolean {
  return (call) => call.method === "POST" && call.path.split("?")[0] === path;
}
