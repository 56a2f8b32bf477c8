import { callIds } from "../call-id.ts";
import type { Environment } from "../environment.ts";
import type { ModelRequest } from "../model.ts";
import { patientFetch } from "../patient-fetch.ts";
import type { CompleteReply, Delta, Provider, Watch } from "../provider.ts";
import { chatRequest } from "./chat.ts";
import { readChat } from "./chat-reply.ts";
import { openClient } from "./client.ts";
import { endpointOf } from "./endpoint.ts";
import { explain } from "./explain.ts";
import { type Learned, learn } from "./learn.ts";
import { onlyModel } from "./models.ts";
import { refusalOf } from "./refusal.ts";
import { responsesRequest } from "./responses.ts";
import { readResponse } from "./responses-reply.ts";
import { tapped } from "./tap.ts";

/** As of 2026-11: https://platform.openai.com/docs/models */
const DEFAULT_MODEL = "gpt-6.1-sol";

/** A large model on a small machine reads a long conversation for many minutes before it says a word. */
const OWN_IDLE_MS = 30 * 60_000;

/**
 * OpenAI, or a server that speaks its language: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_API. Without a `name`, a
 * server of one's own is asked for its only model. Throws a UsageError for settings that cannot work.
 */
export async function openOpenAI(name: string | undefined, env: Environment): Promise<Provider> {
  const endpoint = endpointOf(env);
  const model = name ?? (endpoint.isOpenAI ? DEFAULT_MODEL : await onlyModel(endpoint));
  const learned: Learned = { refused: new Set(), distrusted: new WeakSet() };

  async function* ask(request: ModelRequest, watch: Watch): AsyncGenerator<Delta, CompleteReply> {
    const seen = { contentType: "", events: false, done: false };
    const network = tapped(endpoint.isOwn ? await patientFetch() : fetch, seen, watch.alive);
    const client = await openClient(endpoint, env, network);
    const source = { endpoint, model, taken: callIds(request.conversation), seen };
    const options = { signal: watch.signal };
    if (endpoint.api === "responses") {
      const body = await responsesRequest(request, model, learned);
      return yield* readResponse(await client.responses.create(body, options), source);
    }
    const body = await chatRequest(request, model, learned, endpoint);
    return yield* readChat(await client.chat.completions.create(body, options), source);
  }

  return {
    provider: "openai",
    name: model,
    ...(endpoint.isOwn && { idleMs: OWN_IDLE_MS }),

    async *attempt(request, watch) {
      for (;;) {
        try {
          return yield* ask(request, watch);
        } catch (error) {
          const refusal = refusalOf(error);
          if (!refusal || !learn(learned, refusal, endpoint.api, request.conversation)) throw error;
        }
      }
    },

    explain: (error) => explain(error, endpoint, model),
  };
}
