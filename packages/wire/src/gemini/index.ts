import { estimatedTokens } from "../issue.ts";
import type { WireOptions } from "../script.ts";
import { type HttpCall, type Service, sse } from "../service.ts";
import { isSse, openAnswers } from "./answer.ts";
import { geminiRefusals, rateLimited, refuse } from "./refusals.ts";
import { checkSignatures, type IssuedSignature } from "./signatures.ts";
import { checkKey, checkModel, goodKey, targetOf, validateGemini } from "./validate.ts";
import { viewGemini } from "./view.ts";

const usual = "gemini-3.8-flash";

/** Google's Gemini, as an API key reaches it. */
export function openGemini(options: WireOptions): Service {
  const model = options.model ?? usual;
  const issued: IssuedSignature[] = [];
  return {
    contentType: ({ path }) => (isSse(path) ? "text/event-stream" : "application/json"),
    env: (url) => ({
      GEMINI_API_KEY: goodKey,
      GOOGLE_GEMINI_BASE_URL: url,
      EIGHTFOLD_MODEL: `gemini:${model}`,
    }),
    model: (call) => targetOf(call).model,
    asksForReply: ({ method, path }) =>
      method === "POST" && /^\/v1(alpha|beta)?\/models\/[^/]+:(streamG|g)enerateContent(\?|$)/.test(path),
    lookUp: (call) => lookUpModel(call, options),
    validate: (call, advise) =>
      checkSignatures(validateGemini(call, options, advise), targetOf(call).model, issued, advise),
    view: viewGemini,
    answer: openAnswers((given) => issued.push(given)),
    refusals: geminiRefusals,
    rateLimited,
    errorFrame: ({ body }) => sse("end", body),
    failure: (_status, message) => refuse(message, "INTERNAL"),
  };
}

/** `GET /v1/models`, `GET /v1/models/NAME`, and `POST /v1/models/NAME:countTokens`. */
function lookUpModel(call: HttpCall, options: WireOptions): unknown {
  checkKey(call);
  const { method, path, raw } = call;
  const { version, model } = targetOf(call);
  if (method === "GET" && /^\/v1(alpha|beta)?\/models(\?|$)/.test(path))
    return { models: [describe(options.model ?? usual, options)] };
  const counts = method === "POST" && /:countTokens(\?|$)/.test(path);
  if ((method !== "GET" && !counts) || model === "")
    throw refuse("Requested entity was not found.", "NOT_FOUND");
  checkModel(model, version, options);
  if (!counts) return describe(model, options);
  const totalTokens = estimatedTokens(raw);
  return { totalTokens, promptTokensDetails: [{ modality: "TEXT", tokenCount: totalTokens }] };
}

function describe(model: string, options: WireOptions): object {
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
