import type { WireOptions } from "../script.ts";
import { type HttpCall, type Service, sse } from "../service.ts";
import { openAnswers } from "./answer.ts";
import { geminiRefusals, rateLimited, refuse } from "./refusals.ts";
import { checkSignatures, type IssuedSignature } from "./signatures.ts";
import { checkKey, checkModel, goodKey, targetOf, validateGemini } from "./validate.ts";
import { viewGemini } from "./view.ts";

/** Google's Gemini, as an API key reaches it. */
export function openGemini(options: WireOptions): Service {
  const model = options.model ?? "gemini-3.8-flash";
  const issued: IssuedSignature[] = [];
  return {
    contentType: "text/event-stream",
    env: (url) => ({
      GEMINI_API_KEY: goodKey,
      GOOGLE_GEMINI_BASE_URL: url,
      EIGHTFOLD_MODEL: `gemini:${model}`,
    }),
    model: (call) => targetOf(call).model,
    asksForReply: ({ method, path }) =>
      method === "POST" && /^\/v1(beta)?\/models\/[^/]+:streamGenerateContent/.test(path),
    lookUp: (call) => lookUpModel(call, options),
    validate: (call) => checkSignatures(validateGemini(call, options), targetOf(call).model, issued),
    view: viewGemini,
    answer: openAnswers((given) => issued.push(given)),
    refusals: geminiRefusals,
    rateLimited,
    errorFrame: ({ body }) => sse("end", body),
    failure: (_status, message) => refuse(message, "INTERNAL"),
  };
}

/** `GET /v1/models/NAME`. */
function lookUpModel(call: HttpCall, options: WireOptions): unknown {
  checkKey(call);
  const { version, model } = targetOf(call);
  if (call.method !== "GET" || model === "") throw refuse("Requested entity was not found.", "NOT_FOUND");
  checkModel(model, version, options);
  return {
    name: `models/${model}`,
    version: "001",
    displayName: model,
    inputTokenLimit: options.contextLength ?? 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ["generateContent", "countTokens", "createCachedContent"],
    thinking: true,
  };
}
