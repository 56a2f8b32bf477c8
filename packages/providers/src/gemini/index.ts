import {
  type CompleteReply,
  type Delta,
  type ModelError,
  ModelFailure,
  type ModelRequest,
  type Provider,
  type ToolDeclaration,
  UsageError,
  type Watch,
} from "@eightfold/core";
import type { GenerateContentConfig, GoogleGenAI } from "@google/genai/web";
import { callIds } from "../call-id.ts";
import type { Environment } from "../environment.ts";
import { adapt, openDialect, ownParts, sentWith } from "./adapt.ts";
import { explainRefusal, refusalOf } from "./failure.ts";
import { NUDGE } from "./finish.ts";
import { readReply } from "./reply.ts";
import { contentsOf } from "./request.ts";
import { geminiSchema } from "./schema.ts";

/** As of 2026-11: https://ai.google.dev/gemini-api/docs/models */
const DEFAULT_MODEL = "gemini-3.8-flash";

/** Google's Gemini API, with a key from GEMINI_API_KEY or GOOGLE_API_KEY, at GOOGLE_GEMINI_BASE_URL if that is set. */
export function openGemini(name: string | undefined, env: Environment): Provider {
  const baseUrl = env.GOOGLE_GEMINI_BASE_URL;
  if (baseUrl !== undefined && !/^https?:/.test(URL.parse(baseUrl)?.protocol ?? "")) {
    throw new UsageError(`GOOGLE_GEMINI_BASE_URL is "${baseUrl}". It must begin with http:// or https://.`);
  }
  const model = name ?? DEFAULT_MODEL;
  const dialect = openDialect(model);
  /** Requests whose last reply was of no use. */
  const stumbled = new WeakSet<ModelRequest>();

  async function* ask(request: ModelRequest, watch: Watch): AsyncGenerator<Delta, CompleteReply> {
    const client = await openClient(env, dialect.apiVersion);
    const conversation = stumbled.has(request) ? [...request.conversation, NUDGE] : request.conversation;
    const contents = contentsOf(conversation, (native) => ownParts(native, model, dialect));
    const config = await configOf(request, dialect.thoughts);
    const chunks = await client.models.generateContentStream({
      model,
      contents,
      config: { ...config, abortSignal: watch.signal },
    });
    return yield* readReply(chunks, model, callIds(request.conversation), watch);
  }

  return {
    provider: "gemini",
    name: model,
    label: "Gemini",

    async *attempt(request, watch) {
      for (;;) {
        const sent = sentWith(dialect, request.conversation);
        try {
          return yield* ask(request, watch);
        } catch (error) {
          if (error instanceof ModelFailure && error.error.kind === "bad_reply") stumbled.add(request);
          const refusal = refusalOf(error);
          if (!refusal || !adapt(dialect, sent, refusal)) throw error;
        }
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
  const { GoogleGenAI } = await import("@google/genai/web");
  return new GoogleGenAI({
    apiKey,
    apiVersion,
    vertexai: false,
    ...(baseUrl && { httpOptions: { baseUrl } }),
  });
}

const NO_KEY: ModelError = {
  kind: "no_key",
  message: "Gemini needs an API key, and neither GEMINI_API_KEY nor GOOGLE_API_KEY is set.",
  hint: "https://aistudio.google.com/apikey makes one. Put GEMINI_API_KEY=… into the file .env.",
  retryable: false,
};

const BROKEN_KEY: ModelError = {
  kind: "bad_key",
  message: "The Gemini API key holds a space, a line break or a letter that no key has.",
  hint: "Copy it again: https://aistudio.google.com/apikey lists your keys.",
  retryable: false,
};

async function configOf(request: ModelRequest, thoughts: boolean): Promise<GenerateContentConfig> {
  const { system, tools = [] } = request;
  return {
    ...(system && { systemInstruction: system.toWellFormed() }),
    ...(tools.length > 0 && { tools: [{ functionDeclarations: await Promise.all(tools.map(declare)) }] }),
    ...(thoughts && { thinkingConfig: { includeThoughts: true } }),
    // One request is one reply: on its own, the SDK would join up to four.
    automaticContinuation: false,
  };
}

async function declare({ name, description, parameters }: ToolDeclaration) {
  return { name, description, parametersJsonSchema: geminiSchema(await parameters()) };
}

function explain(error: unknown, model: string): ModelError | undefined {
  const refusal = refusalOf(error);
  if (refusal) return explainRefusal(refusal, model);
  // https://github.com/googleapis/js-genai/issues/1342
  if (error instanceof Error && error.message.startsWith("Incomplete JSON segment")) return BROKEN_OFF;
  return undefined;
}

const BROKEN_OFF: ModelError = {
  kind: "cut_off",
  message: "Gemini's reply broke off in the middle.",
  retryable: true,
};
