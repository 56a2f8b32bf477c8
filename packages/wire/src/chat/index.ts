import { openAIRefusals, rateLimited, refuse } from "../openai/refusals.ts";
import { askedModel, asksFor, goodKey, lookUpModels } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import { type Refusal, type Service, sse } from "../service.ts";
import { openAnswers } from "./answer.ts";
import { orphanResult, unansweredCall } from "./messages.ts";
import { contextTooLong, toolsNeedResponses, validateChat } from "./validate.ts";
import { viewChat } from "./view.ts";

/** OpenAI's Chat Completions, as compatible servers speak them too. */
export function openChat(options: WireOptions): Service {
  const model = options.model ?? "local-model";
  return {
    contentType: () => "text/event-stream",
    env: (url) => ({
      OPENAI_API_KEY: goodKey,
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API: "chat",
      EIGHTFOLD_MODEL: `openai:${model}`,
    }),
    model: askedModel,
    asksForReply: asksFor("/v1/chat/completions"),
    lookUp: (call) => lookUpModels(call, model),
    validate: (call, advise) => validateChat(call, options, advise),
    view: viewChat,
    answer: openAnswers(),
    refusals: {
      ...openAIRefusals,
      context_too_long: contextTooLong,
      unanswered_call: () => unansweredCall(1, ["call_x"]),
      orphan_result: () => orphanResult(1),
      tools_need_responses: toolsNeedResponses,
    },
    rateLimited,
    errorFrame: ({ body }: Refusal) => sse("end", body),
    failure: (status, message) => refuse(message, { status, type: "server_error" }),
  };
}
