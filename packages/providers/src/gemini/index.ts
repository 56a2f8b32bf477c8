import { ModelFailure, type ModelRequest, type Provider, UsageError, type Watch } from "@eightfold/core";
import type { GoogleGenAI } from "@google/genai/web";
import type { Environment } from "../environment.ts";
import { openFetch } from "../fetch.ts";
import { askLearning } from "../learning.ts";
import { loadSdk } from "../sdk.ts";
import { callIdsAfter } from "../wire-values.ts";
import { BROKEN_KEY, explain, NO_KEY, refusalOf } from "./errors.ts";
import { learnedOf, QUIRKS } from "./quirks.ts";
import { readReply } from "./reply.ts";
import { generateRequest, NUDGE } from "./request.ts";

/** As of 2026-11: https://ai.google.dev/gemini-api/docs/models */
const DEFAULT_MODEL = "gemini-3.8-flash";

/** Google's Gemini API, with a key from GEMINI_API_KEY or GOOGLE_API_KEY, at GOOGLE_GEMINI_BASE_URL if that is set. */
export function openGemini(name: string | undefined, env: Environment): Provider {
  const baseUrl = env.GOOGLE_GEMINI_BASE_URL;
  if (baseUrl !== undefined && !/^https?:/.test(URL.parse(baseUrl)?.protocol ?? "")) {
    throw new UsageError(`GOOGLE_GEMINI_BASE_URL is "${baseUrl}". It must begin with http:// or https://.`);
  }
  const model = name ?? DEFAULT_MODEL;
  const learned = learnedOf(model);
  /** Requests whose last reply was of no use. */
  const stumbled = new WeakSet<ModelRequest>();

  async function ask(request: ModelRequest, { signal }: Watch) {
    const client = await openClient(env, learned.refused.has("v1") ? "v1beta" : "v1");
    const conversation = stumbled.has(request) ? [...request.conversation, NUDGE] : request.conversation;
    const sent = await generateRequest({ ...request, conversation }, model, learned);
    return client.models.generateContentStream({ ...sent, config: { ...sent.config, abortSignal: signal } });
  }

  return {
    provider: "gemini",
    name: model,
    label: "Gemini",

    async *attempt(request, watch) {
      const { conversation } = request;
      const chunks = await askLearning(learned, conversation, { quirks: QUIRKS, refusalOf }, () =>
        ask(request, watch),
      );
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

/**
 * The SDK's entry for browsers does the same as the one for Node, loads in a seventh of the time (no Google Cloud
 * sign-in), and reads no environment variable: the other warns on the console when two keys are set, and turns to
 * Vertex AI when GOOGLE_GENAI_USE_VERTEXAI is.
 */
async function openClient(env: Environment, apiVersion: string): Promise<GoogleGenAI> {
  const apiKey = env.GEMINI_API_KEY ?? env.GOOGLE_API_KEY;
  if (apiKey === undefined) throw new ModelFailure(NO_KEY);
  // A key that is no legal header would be quoted, whole, in the error that fetch throws.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new ModelFailure(BROKEN_KEY);
  const baseUrl = env.GOOGLE_GEMINI_BASE_URL;
  const { GoogleGenAI } = await loadSdk(() => import("@google/genai/web"));
  return new GoogleGenAI({
    apiKey,
    apiVersion,
    vertexai: false,
    httpOptions: { fetch: openFetch({ isPatient: false }), ...(baseUrl && { baseUrl }) },
  });
}
