import { ModelFailure, type Provider, UsageError } from "@eightfold/core";
import { type Environment, keyIn, tokensIn } from "../environment.ts";
import { askLearning, nothingLearned } from "../learning.ts";
import { LOCAL_IDLE_MS } from "../network.ts";
import { recordsOf } from "../records.ts";
import type { Settings } from "../settings.ts";
import { explain, MORE_CONTEXT, noTools } from "./errors.ts";
import { describeModel, type ModelDetails, QUIRKS } from "./quirks.ts";
import { readReply } from "./reply.ts";
import { chatRequest } from "./request.ts";
import { ollamaHost, openClient, surveyModels } from "./server.ts";

const SURVEY_MS = 10_000;

/**
 * A model that an Ollama serves, at `--host` or OLLAMA_HOST, with OLLAMA_CONTEXT tokens of context. Without a name, the
 * installed model that suits best.
 * @throws UsageError for a bad setting, and without a name when no Ollama runs or none of its models can use tools
 */
export async function openOllama(
  name: string | undefined,
  env: Environment,
  settings: Settings = {},
): Promise<Provider> {
  const host =
    settings.host === undefined ? ollamaHost(env.OLLAMA_HOST) : ollamaHost(settings.host, "--host");
  const wanted = tokensIn(env, "OLLAMA_CONTEXT");
  keyIn(env, "OLLAMA_API_KEY");
  const model = name ?? (await pickModel(host, env));
  let details: ModelDetails | undefined;

  const label = `Ollama at ${host}`;
  const learned = nothingLearned();

  async function connect(signal: AbortSignal) {
    // A model may load for longer than Node's fetch waits.
    const { client, answer } = await openClient(host, env, signal, true);
    details ??= await describeModel(client, model, wanted);
    return { client, answer, details };
  }

  return {
    provider: "ollama",
    name: model,
    label,
    idleMs: LOCAL_IDLE_MS,

    async *attempt(request, watch) {
      const { client, answer, details } = await connect(watch.signal);
      if (request.tools?.length && !details.canUseTools) throw new ModelFailure(noTools(model));
      await askLearning(learned, request.conversation, QUIRKS, async () =>
        client.chat(chatRequest(model, request, details, learned, settings)),
      );
      const { contextTokens } = details;
      const source = { answer, request, model, shorten: MORE_CONTEXT, contextTokens };
      return yield* readReply(recordsOf(answer, watch.alive), source);
    },

    contextWindow: async (signal) => (await connect(signal)).details.contextTokens,
    explain: (error) => explain(error, host, model),
  };
}

async function pickModel(host: string, env: Environment): Promise<string> {
  const { installed, usable } = await surveyModels(host, env, AbortSignal.timeout(SURVEY_MS)).catch(
    (error: unknown) => {
      const known = explain(error, host, "");
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
