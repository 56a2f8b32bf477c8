import { ModelFailure, type ModelRequest, type Provider } from "@eightfold/core";
import { type Dialect, openAnswer } from "../answer.ts";
import { addressIn, type Environment, keyIn, needsKey } from "../environment.ts";
import { askLearning } from "../learning.ts";
import { loadSdk, openFetch } from "../network.ts";
import { recordsOf } from "../records.ts";
import type { Settings } from "../settings.ts";
import { listOf, recordOf, textOf } from "../wire-values.ts";
import { explain } from "./errors.ts";
import { learnedOf, QUIRKS } from "./quirks.ts";
import { readReply } from "./reply.ts";
import { generateRequest, NUDGE } from "./request.ts";

/** As of 2026-11: https://ai.google.dev/gemini-api/docs/models */
const DEFAULT_MODEL = "gemini-3.8-flash";

const DIALECT: Dialect = {
  // A reply of nothing has counts alone.
  isPiece: (record) => /candidates|feedback|usage/i.test(Object.keys(record).join()),
  isEnd: ({ candidates }) => listOf(candidates).some((each) => recordOf(each).finishReason),
  saysMore: ({ candidates }) =>
    listOf(candidates).some((each) => {
      const { parts } = recordOf(recordOf(each).content);
      return listOf(parts).some((part) => textOf(part) !== "" || recordOf(part).functionCall);
    }),
};

/**
 * Google's Gemini API, with a key from GEMINI_API_KEY or GOOGLE_API_KEY, at GOOGLE_GEMINI_BASE_URL if that is set.
 * @throws UsageError for settings that cannot work
 */
export function openGemini(name: string | undefined, env: Environment, settings: Settings = {}): Provider {
  const key = keyIn(env, "GEMINI_API_KEY") || keyIn(env, "GOOGLE_API_KEY");
  if (!key) throw needsKey("Gemini", "GEMINI_API_KEY", "https://aistudio.google.com/apikey");
  const url = addressIn(env, "GOOGLE_GEMINI_BASE_URL", "https://generativelanguage.googleapis.com");
  const service = {
    label: "Gemini",
    variable: "GOOGLE_GEMINI_BASE_URL",
    secrets: [key, ...url.searchParams.values()],
  };
  // With the version that the SDK adds by itself, as other providers' addresses have it.
  const [, path, given] = /^(.*?)(?:\/(v1(?:beta|alpha)?))?\/*$/.exec(url.pathname) ?? [];
  const baseUrl = `${url.origin}${path}`;
  const model = name ?? DEFAULT_MODEL;
  const network = openFetch({ isUnlimited: settings.timeout !== undefined, env, query: url.search });
  const learned = learnedOf(model);
  /** Requests whose last reply was of no use. */
  const stumbled = new WeakSet<ModelRequest>();

  return {
    provider: "gemini",
    name: model,
    label: "Gemini",

    async *attempt(request, { signal, alive }) {
      const { conversation } = request;
      const asked = stumbled.has(request) ? [...conversation, NUDGE] : conversation;
      const answer = openAnswer(network, service, signal, DIALECT);
      await askLearning(learned, conversation, QUIRKS, async () => {
        const version = given ?? (learned.refused.has("v1") ? "v1beta" : "v1");
        const client = await openClient(key, { baseUrl, fetch: answer.fetch }, version);
        return client.models.generateContentStream(
          generateRequest({ ...request, conversation: asked }, model, learned, settings),
        );
      });
      try {
        return yield* readReply(recordsOf(answer, alive), { answer, request, model });
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
async function openClient(
  apiKey: string,
  httpOptions: { baseUrl: string; fetch: typeof globalThis.fetch },
  apiVersion: string,
) {
  const { GoogleGenAI } = await loadSdk(() => import("@google/genai/web"));
  return new GoogleGenAI({ apiKey, apiVersion, vertexai: false, httpOptions });
}
