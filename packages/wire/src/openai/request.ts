import { isObject, type JsonObject, objectOf, stringOf, withoutNulls } from "../json.ts";
import type { WireOptions } from "../script.ts";
import { type HttpCall, Refusal } from "../service.ts";
import { badKey, missingParameter, noKey, refuse, unknownModel, unknownParameter } from "./refusals.ts";

/** What both of OpenAI's dialects check in the same way. */

/** The only key that the servers accept. */
export const goodKey = "sk-wire-0123456789abcdef";

export function checkKey({ headers }: HttpCall): void {
  const key = headers.authorization?.replace(/^Bearer\s*/i, "") ?? "";
  if (key === "") throw noKey();
  if (key !== goodKey) throw badKey(key);
}

/**
 * The body as an object, without the parameters that are null, which is how clients leave them out. Refuses what is no
 * object, and text that no UTF-8 can hold.
 */
export function readBody({ body }: HttpCall): JsonObject {
  const unreadable =
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
    "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble " +
    "figuring out how to fix this, please contact us through our help center at help.openai.com.)";
  if (!isObject(body) || holdsLoneSurrogate(body)) throw refuse(unreadable);
  return withoutNulls(body);
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
