import { ModelFailure, type ModelRequest, type Provider, UsageError } from "@eightfold/core";
import { type Environment, isLegalKey } from "../environment.ts";
import { askLearning } from "../learning.ts";
import { loadSdk, openFetch } from "../network.ts";
import { callIdsAfter } from "../wire-values.ts";
import { BROKEN_KEY, explain, refusalOf } from "./errors.ts";
import { learnedOf, QUIRKS } from "./quirks.ts";
import { readReply } from "./reply.ts";
import { generateRequest, NUDGE } from "./request.ts";

/** As of 2026-11: https://ai.google.dev/gemini-api/docs/models */
const DEFAULT_MODEL = "gemini-3.8-flash";

/**
 * Google's Gemini API, with a key from GEMINI_API_KEY or GOOGLE_API_KEY, at GOOGLE_GEMINI_BASE_URL if that is set.
 * @throws UsageError for settings that cannot work
 */
export function openGemini(name: string | undefined, env: Environment): Provider {
  const key = keyOf(env);
  const baseUrl = env.GOOGLE_GEMINI_BASE_URL;
  if (baseUrl !== undefined && !/^https?:/.test(URL.parse(baseUrl)?.protocol ?? "")) {
    throw new UsageError(`GOOGLE_GEMINI_BASE_URL is "${baseUrl}". It must begin with http:// or https://.`);
  }
  const model = name ?? DEFAULT_MODEL;
  const learned = learnedOf(model);
  /** Requests whose last reply was of no use. */
  const stumbled = new WeakSet<ModelRequest>();

  return {
    provider: "gemini",
    name: model,
    label: "Gemini",

    async *attempt(request, watch) {
      const { conversation } = request;
      const asked = stumbled.has(request) ? [...conversation, NUDGE] : conversation;
      const chunks = await askLearning(learned, conversation, { quirks: QUIRKS, refusalOf }, async () => {
        const client = await openClient(key, baseUrl, learned.refused.has("v1") ? "v1beta" : "v1");
        const sent = await generateRequest({ ...request, conversation: asked }, model, learned);
        const config = { ...sent.config, abortSignal: watch.signal };
        return client.models.generateContentStream({ ...sent, config });
      });
      try {
        return yield* readReply(chunks, model, callIdsAfter(conversation), watch);
      } catch (error) {
        if (error instanceof ModelFailure && error.error.kind === "bad_reply") stumbled.add(request);
        throw error;
      }
    },

    explain: (error) => explain(error, model),
  };
}

function keyOf(env: Environment): string {
  const key = env.GEMINI_API_KEY || env.GOOGLE_API_KEY;
  if (key) return key;
  throw new UsageError(
    "Gemini needs an API key. Put GEMINI_API_KEY=… into the file .env at the root of the repository, or export it.\n" +
      "https://aistudio.google.com/apikey makes one.",
  );
}

/**
 * The SDK's entry for browsers does the same as the one for Node, loads in a seventh of the time (no Google Cloud
 * sign-in), and reads no environment variable: the other warns on the console when two keys are set, and turns to
 * Vertex AI when GOOGLE_GENAI_USE_VERTEXAI is.
 */
async function openClient(apiKey: string, baseUrl: string | undefined, apiVersion: string) {
  if (!isLegalKey(apiKey)) throw new ModelFailure(BROKEN_KEY);
  const { GoogleGenAI } = await loadSdk(() => import("@google/genai/web"));
  const httpOptions = { fetch: openFetch({ isUnlimited: false }), ...(baseUrl && { baseUrl }) };
  return new GoogleGenAI({ apiKey, apiVersion, vertexai: false, httpOptions });
}
