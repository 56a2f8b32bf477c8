import type { CompleteReply, Delta, ModelRequest, Provider, Watch } from "@eightfold/core";
import type { Environment } from "../environment.ts";
import { askLearning } from "../learning.ts";
import { LOCAL_IDLE_MS, loadSdk, openFetch } from "../network.ts";
import { callIdsAfter } from "../wire-values.ts";
import { explain, refusalOf } from "./errors.ts";
import { learnedOf, QUIRKS, type ReplySource, type StreamSigns, watchStream } from "./quirks.ts";
import { type Endpoint, endpointOf, onlyModel } from "./server.ts";

/** As of 2026-11: https://platform.openai.com/docs/models */
const DEFAULT_MODEL = "gpt-6.1-sol";

/** The longest that a timer can wait. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * OpenAI, or a server that speaks its language: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_API. Without a `name`, a
 * server that is not OpenAI's is asked for its only model. Throws a UsageError for settings that cannot work.
 */
export async function openOpenAI(name: string | undefined, env: Environment): Promise<Provider> {
  const endpoint = endpointOf(env);
  const model = name ?? (endpoint.isOpenAI ? DEFAULT_MODEL : await onlyModel(endpoint));
  const learned = learnedOf(model);

  /** Of the two dialects, only the one that is spoken is loaded, and with the first request. */
  async function* attempt(
    request: ModelRequest,
    { signal, alive }: Watch,
  ): AsyncGenerator<Delta, CompleteReply> {
    const { conversation } = request;
    const signs: StreamSigns = { contentType: "", events: false, done: false };
    const network = watchStream(openFetch({ isUnlimited: endpoint.isOwn }), signs, alive);
    const client = await openClient(endpoint, env, network);
    const source: ReplySource = { endpoint, model, idFor: callIdsAfter(conversation), signs };
    const refusals = { quirks: QUIRKS[endpoint.api], refusalOf };
    if (endpoint.api === "responses") {
      const { responsesRequest, readResponsesReply } = await import("./responses.ts");
      const events = await askLearning(learned, conversation, refusals, async () =>
        client.responses.create(await responsesRequest(request, model, learned), { signal }),
      );
      return yield* readResponsesReply(events, source);
    }
    const { chatRequest, readChatReply } = await import("./chat.ts");
    const chunks = await askLearning(learned, conversation, refusals, async () =>
      client.chat.completions.create(await chatRequest(request, model, learned, endpoint), { signal }),
    );
    return yield* readChatReply(chunks, source);
  }

  return {
    provider: "openai",
    name: model,
    label: endpoint.label,
    ...(endpoint.isOwn && { idleMs: LOCAL_IDLE_MS }),
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
