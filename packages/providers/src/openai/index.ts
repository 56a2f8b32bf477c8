import type { CompleteReply, Delta, ModelRequest, Provider, Watch } from "@eightfold/core";
import { type Dialect, openAnswer } from "../answer.ts";
import type { Environment } from "../environment.ts";
import { askLearning } from "../learning.ts";
import { LOCAL_IDLE_MS, loadSdk, NEVER_MS, openFetch } from "../network.ts";
import { recordsOf } from "../records.ts";
import type { Settings } from "../settings.ts";
import { isRecord, listOf, recordOf, textOf } from "../wire-values.ts";
import { readChatReply } from "./chat/reply.ts";
import { chatRequest } from "./chat/request.ts";
import { explain } from "./errors.ts";
import { learnedOf, QUIRKS } from "./quirks.ts";
import { readResponsesReply } from "./responses/reply.ts";
import { responsesRequest } from "./responses/request.ts";
import { type Endpoint, endpointOf, onlyModel } from "./server.ts";

/** As of 2026-11: https://platform.openai.com/docs/models */
const DEFAULT_MODEL = "gpt-6.1-sol";

const DIALECTS: Readonly<Record<Endpoint["api"], Dialect>> = {
  // One choice instead of the list is understood, and a thing without any is not.
  chat: {
    isPiece: ({ choices }) => Array.isArray(choices) || (isRecord(choices) && "delta" in choices),
    isEnd: ({ choices }) => listOf(choices).some((each) => recordOf(each).finish_reason),
    saysMore: ({ choices }) =>
      listOf(choices)
        .map((each) => recordOf(recordOf(each).delta))
        .some(({ content, tool_calls }) => textOf(content) !== "" || listOf(tool_calls).length > 0),
  },
  responses: {
    isPiece: ({ type, object }) =>
      object === "response" || (typeof type === "string" && type.startsWith("response.")),
    isEnd: ({ type }) => /^response\.(completed|incomplete|done)$/.test(String(type)),
  },
};

/**
 * OpenAI, or a server that speaks its language: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_API. Without a `name`, a
 * server that is not OpenAI's is asked for its only model. Throws a UsageError for settings that cannot work.
 */
export async function openOpenAI(
  name: string | undefined,
  env: Environment,
  settings: Settings = {},
): Promise<Provider> {
  const endpoint = endpointOf(env);
  const model = name ?? (endpoint.isOpenAI ? DEFAULT_MODEL : await onlyModel(endpoint, env));
  const learned = learnedOf(model);
  const { label, api, isOwn, query } = endpoint;
  const network = openFetch({ isUnlimited: isOwn || settings.timeout !== undefined, env, query });

  async function* attempt(
    request: ModelRequest,
    { signal, alive }: Watch,
  ): AsyncGenerator<Delta, CompleteReply> {
    const { conversation } = request;
    const answer = openAnswer(network, endpoint, signal, DIALECTS[api]);
    const client = await openClient(endpoint, env, answer.fetch);
    const source = { answer, request, model };
    if (api === "responses") {
      await askLearning(learned, conversation, QUIRKS[api], async () =>
        client.responses.create(responsesRequest(request, model, learned, settings)),
      );
      return yield* readResponsesReply(recordsOf(answer, alive), source);
    }
    await askLearning(learned, conversation, QUIRKS[api], async () =>
      client.chat.completions.create(chatRequest(request, model, learned, endpoint, settings)),
    );
    return yield* readChatReply(recordsOf(answer, alive), source);
  }

  return {
    provider: "openai",
    name: model,
    label,
    ...(isOwn && { idleMs: LOCAL_IDLE_MS }),
    attempt,
    explain: (error) => explain(error, endpoint, model),
  };
}

/**
 * The SDK, loaded by the first request. Its own retries, time limit and log are off. What it would read from the
 * process's environment is given to it, because ours also holds `.env`.
 */
export async function openClient(endpoint: Endpoint, env: Environment, fetch: typeof globalThis.fetch) {
  const { OpenAI: Client } = await loadSdk(() => import("openai"));
  return new Client({
    baseURL: endpoint.baseURL,
    // The SDK insists on a key; servers on one's own machine mostly want none.
    apiKey: endpoint.key ?? "none",
    adminAPIKey: null,
    organization: env.OPENAI_ORG_ID ?? null,
    project: env.OPENAI_PROJECT_ID ?? null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: "off",
    fetch,
  });
}
