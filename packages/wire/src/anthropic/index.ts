import { estimatedTokens } from "../issue.ts";
import { type JsonObject, objectOf } from "../json.ts";
import { askedModel, asksFor } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import { type HttpCall, type Service, sse } from "../service.ts";
import { openAnswers } from "./answer.ts";
import { openCache } from "./cache.ts";
import { thinkingOf } from "./models.ts";
import { anthropicRefusals, rateLimited, refuse, requestId, unknownModel } from "./refusals.ts";
import { checkThinking } from "./thinking.ts";
import { openThreads } from "./threads.ts";
import { checkKey, goodKey, validateMessages } from "./validate.ts";
import { viewAnthropic } from "./view.ts";

/** Anthropic's Messages API. */
export function openAnthropic(options: WireOptions): Service {
  const model = options.model ?? "claude-opus-5-5";
  const issued: { readonly model: string; readonly blocks: JsonObject[] }[] = [];
  const cache = openCache();
  const threads = openThreads();
  const uses = new WeakMap<HttpCall, ReturnType<typeof cache>>();
  return {
    contentType: () => "text/event-stream",
    headers: { "request-id": requestId },
    env: (url) => ({
      ANTHROPIC_API_KEY: goodKey,
      ANTHROPIC_BASE_URL: url,
      EIGHTFOLD_MODEL: `anthropic:${model}`,
    }),
    model: askedModel,
    asksForReply: asksFor("/v1/messages"),
    lookUp: (call) => lookUp(call, model, options),
    validate: (call, advise) => {
      const whole = threads.expand(call);
      const turns = validateMessages(whole, options);
      const own = issued.filter(({ model }) => model === askedModel(call));
      checkThinking(
        turns,
        own.map(({ blocks }) => blocks),
        thinkingOf(objectOf(whole.body)),
        advise,
      );
      uses.set(call, cache(objectOf(whole.body), turns));
    },
    view: (body) => viewAnthropic(threads.whole(body)),
    answer: openAnswers(
      (blocks, id, call) => {
        issued.push({ model: askedModel(call), blocks });
        threads.keep(id, call.body, blocks);
      },
      (call) => uses.get(call) ?? { read: 0, written: 0 },
    ),
    refusals: anthropicRefusals,
    rateLimited,
    errorFrame: ({ body }) => sse("end", body, "error"),
    failure: (status, message) => refuse(message, { status, type: "api_error" }),
  };
}

/** `GET /v1/models`, `GET /v1/models/NAME` and `POST /v1/messages/count_tokens`. */
function lookUp(call: HttpCall, model: string, { contextLength = 1_000_000 }: WireOptions): unknown {
  checkKey(call);
  const path = call.path.split("?")[0] ?? "";
  if (call.method === "POST" && path === "/v1/messages/count_tokens")
    return { input_tokens: estimatedTokens(call.raw) };
  const about = { display_name: model, created_at: "2026-09-01T00:00:00Z", max_tokens: 128_000 };
  const entry = { id: model, type: "model", ...about, max_input_tokens: contextLength };
  if (call.method === "GET" && path === "/v1/models")
    return { data: [entry], has_more: false, first_id: model, last_id: model };
  if (call.method === "GET" && path === `/v1/models/${encodeURIComponent(model)}`) return entry;
  if (path.startsWith("/v1/models/")) throw unknownModel(path.slice("/v1/models/".length));
  throw refuse("Not Found", { status: 404, type: "not_found_error" });
}
