import { ModelFailure, type Provider, UsageError } from "@eightfold/core";
import type { Environment } from "../environment.ts";
import { LOCAL_IDLE_MS } from "../network.ts";
import { callIdsAfter } from "../wire-values.ts";
import { explain, noTools, truncated } from "./errors.ts";
import { contextWanted, describeModel, isTruncated, type ModelDetails } from "./quirks.ts";
import { readReply } from "./reply.ts";
import { chatRequest } from "./request.ts";
import { ollamaHost, openClient, surveyModels } from "./server.ts";

const SURVEY_MS = 10_000;

/**
 * A model that an Ollama serves, at OLLAMA_HOST, with OLLAMA_CONTEXT tokens of context. Without a name, the
 * installed model that suits best.
 * @throws UsageError for a bad setting, and without a name when no Ollama runs or none of its models can use tools
 */
export async function openOllama(name: string | undefined, env: Environment): Promise<Provider> {
  const host = ollamaHost(env.OLLAMA_HOST);
  const wanted = contextWanted(env.OLLAMA_CONTEXT);
  const model = name ?? (await pickModel(host));
  let details: ModelDetails | undefined;

  async function connect(signal: AbortSignal) {
    const client = await openClient({ host, model, signal, apiKey: env.OLLAMA_API_KEY, isUnlimited: true });
    details ??= await describeModel(client, model, wanted);
    return { client, details };
  }

  return {
    provider: "ollama",
    name: model,
    label: `Ollama at ${host}`,
    idleMs: LOCAL_IDLE_MS,

    async *attempt(request, watch) {
      const { client, details } = await connect(watch.signal);
      if (request.tools?.length && !details.canUseTools) throw new ModelFailure(noTools(model));
      const body = await chatRequest(model, request, details);
      const lines = await client.chat(body);
      const reply = yield* readReply(lines, model, callIdsAfter(request.conversation), watch);
      if (isTruncated(body.messages ?? [], reply.usage.input, details.contextTokens)) {
        throw new ModelFailure(truncated(details.contextTokens));
      }
      return reply;
    },

    contextWindow: async (signal) => (await connect(signal)).details.contextTokens,
    explain: (error) => explain(error, host),
  };
}

async function pickModel(host: string): Promise<string> {
  const { installed, usable } = await surveyModels(host, AbortSignal.timeout(SURVEY_MS)).catch(
    (error: unknown) => {
      const known = error instanceof ModelFailure ? error.error : explain(error, host);
      throw known ? new UsageError([known.message, known.hint ?? ""].join("\n").trim()) : error;
    },
  );
  if (usable !== undefined) return usable;
  throw new UsageError(
    installed.length === 0
      ? `Ollama at ${host} has no models yet. Fetch one that can use tools with: ollama pull qwen3`
      : `None of the models in Ollama can use tools by itself: ${installed.join(", ")}.\n` +
          "Fetch one that can with: ollama pull qwen3. Or name one all the same: --model ollama:NAME",
  );
}
