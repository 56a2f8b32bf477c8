import type { Provider } from "@eightfold/core";
import { type Dialect, openAnswer } from "../answer.ts";
import { addressIn, type Environment, keyIn, needsKey } from "../environment.ts";
import { refusalOf } from "../http-errors.ts";
import { askLearning } from "../learning.ts";
import { LOCAL_IDLE_MS, loadSdk, NEVER_MS, openFetch } from "../network.ts";
import { publishedWindow } from "../published.ts";
import { recordsOf } from "../records.ts";
import type { Settings } from "../settings.ts";
import { recordOf, textOf } from "../wire-values.ts";
import { explain } from "./errors.ts";
import { learnedOf, OLD_VERSION, QUIRKS, roomIn } from "./quirks.ts";
import { readReply } from "./reply.ts";
import { messagesRequest } from "./request.ts";

/** As of 2026-11: https://platform.claude.com/docs/en/about-claude/models/overview */
const DEFAULT_MODEL = "claude-sonnet-5-5";

const DIALECT: Dialect = {
  isPiece: ({ type }) => /^(message|content_block)/.test(textOf(type)),
  isEnd: ({ delta }) => Boolean(recordOf(delta).stop_reason),
};

/** How long a server may take to tell what it knows of a model. */
const PATIENCE_MS = 5000;

/**
 * Anthropic, or a server that speaks its Messages API, at ANTHROPIC_BASE_URL: with ANTHROPIC_API_KEY, else with
 * ANTHROPIC_AUTH_TOKEN. @throws UsageError for settings that cannot work
 */
export function openAnthropic(name: string | undefined, env: Environment, settings: Settings = {}): Provider {
  const server = serverOf(env);
  const { label, isOwn, isAnthropic, query } = server;
  const model = name ?? DEFAULT_MODEL;
  const network = openFetch({ isUnlimited: isOwn || settings.timeout !== undefined, env, query });
  const learned = learnedOf(model, settings);
  const isKnown = isAnthropic && publishedWindow("anthropic", model) !== undefined;
  let window: Promise<number> | undefined;

  /** https://platform.claude.com/docs/en/api/models/retrieve */
  async function askWindow(signal: AbortSignal): Promise<number> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const { fetch } = openAnswer(network, server, patience, { ...DIALECT, isStream: () => false });
    const client = await openClient(server, fetch, learned.refused.has(OLD_VERSION));
    const { max_input_tokens } = recordOf(await client.get(`/v1/models/${encodeURIComponent(model)}`));
    if (typeof max_input_tokens === "number" && max_input_tokens > 0) return max_input_tokens;
    throw new Error("The server does not say how large this model's window is.");
  }

  return {
    provider: "anthropic",
    name: model,
    label,
    ...(isOwn && { idleMs: LOCAL_IDLE_MS }),

    async *attempt(request, { signal, alive }) {
      const answer = openAnswer(network, server, signal, DIALECT);
      const send = (room: number) =>
        askLearning(learned, request.conversation, QUIRKS, async () => {
          const client = await openClient(server, answer.fetch, learned.refused.has(OLD_VERSION));
          const body = messagesRequest(request, model, learned, settings);
          const max_tokens = Math.min(body.max_tokens, room);
          // Its `messages.create` would write on the console about models that will be retired.
          await client.post("/v1/messages", { body: { ...body, max_tokens }, stream: true });
        });
      await send(Number.POSITIVE_INFINITY).catch((error: unknown) => {
        const room = roomIn(refusalOf(error));
        if (room === undefined) throw error;
        return send(room);
      });
      return yield* readReply(recordsOf(answer, alive), { answer, request, model });
    },

    ...(!isKnown && { contextWindow: (signal) => (window ??= askWindow(signal)) }),
    explain: (error) => explain(error, { ...server, model }),
  };
}

/** What the SDK would look for in the environment or in profiles on disk is given to it. */
async function openClient(
  { baseURL, key, isAnthropic }: ReturnType<typeof serverOf>,
  fetch: typeof globalThis.fetch,
  isOld: boolean,
) {
  const { Anthropic } = await loadSdk(() => import("@anthropic-ai/sdk"));
  return new Anthropic({
    baseURL,
    authToken: key,
    webhookKey: null,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: "off",
    defaultHeaders: {
      // The SDK sends its key as a bearer's; many compatible servers read only this one.
      ...(!isAnthropic && { "x-api-key": key }),
      ...(isOld && { "anthropic-version": "2023-06-01" }),
    },
    fetch,
  });
}

function serverOf(env: Environment) {
  const url = addressIn(env, "ANTHROPIC_BASE_URL", "https://api.anthropic.com");
  const isAnthropic = url.hostname === "api.anthropic.com";
  const baseURL = `${url.origin}${url.pathname}`.replace(/(\/v1)?(\/messages)?\/*$/, "");
  const isToken = !env.ANTHROPIC_API_KEY && env.ANTHROPIC_AUTH_TOKEN;
  const keyVariable = isToken ? "ANTHROPIC_AUTH_TOKEN" : "ANTHROPIC_API_KEY";
  // Servers on one's own machine mostly want no key, and the SDK insists on one.
  const key = keyIn(env, keyVariable) || (isAnthropic ? undefined : "none");
  if (key === undefined)
    throw needsKey("Anthropic", keyVariable, "https://platform.claude.com/settings/keys");
  return {
    label: isAnthropic ? "Anthropic" : `The server at ${baseURL}`,
    variable: "ANTHROPIC_BASE_URL",
    secrets: [key, ...url.searchParams.values()],
    ...{ baseURL, query: url.search, key, keyVariable, isAnthropic, isOwn: url.protocol === "http:" },
  };
}
