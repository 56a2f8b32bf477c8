import type { Provider } from "@eightfold/core";
import type { Environment } from "../environment.ts";
import { type Endpoint, endpointOf } from "./endpoint.ts";
import { explain } from "./explain.ts";

/** As of 2026-11: https://platform.openai.com/docs/models */
const DEFAULT_MODEL = "gpt-6.1-sol";

/** A large model on a small machine reads a long conversation for many minutes before it says a word. */
const OWN_IDLE_MS = 30 * 60_000;

/**
 * OpenAI, or a server that speaks its language: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_API. Without a `name`, a
 * server that is not OpenAI's is asked for its only model. What a request needs is loaded by the first one, so that
 * the prompt does not wait for it. Throws a UsageError for settings that cannot work.
 */
export async function openOpenAI(name: string | undefined, env: Environment): Promise<Provider> {
  const endpoint = endpointOf(env);
  const model = name ?? (await defaultModel(endpoint));
  const target = { endpoint, model, env, learned: { refused: new Set<string>(), distrusted: new WeakSet() } };
  return {
    provider: "openai",
    name: model,
    label: endpoint.label,
    ...(endpoint.isOwn && { idleMs: OWN_IDLE_MS }),
    async *attempt(request, watch) {
      const { attempt } = await import("./attempt.ts");
      return yield* attempt(target, request, watch);
    },
    explain: (error) => explain(error, endpoint, model),
  };
}

async function defaultModel(endpoint: Endpoint): Promise<string> {
  if (endpoint.isOpenAI) return DEFAULT_MODEL;
  const { onlyModel } = await import("./models.ts");
  return onlyModel(endpoint);
}
