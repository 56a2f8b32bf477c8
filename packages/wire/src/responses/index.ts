import { objectOf } from "../json.ts";
import { openAIRefusals, rateLimited, refuse } from "../openai/refusals.ts";
import { askedModel, asksFor, goodKey, lookUpModels } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import { type Service, sse } from "../service.ts";
import { openAnswers } from "./answer.ts";
import { orphanOutput, unansweredCall } from "./items.ts";
import { badEncryptedContent, checkReasoning, notPersisted } from "./reasoning.ts";
import { openStore } from "./store.ts";
import { validateResponses } from "./validate.ts";
import { viewResponses } from "./view.ts";

/** OpenAI's Responses. Used without state, the client keeps the conversation, reasoning included. */
export function openResponses(options: WireOptions): Service {
  const model = options.model ?? "gpt-6.1-sol";
  const store = openStore();
  return {
    contentType: () => "text/event-stream",
    env: (url) => ({
      OPENAI_API_KEY: goodKey,
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API: "responses",
      EIGHTFOLD_MODEL: `openai:${model}`,
    }),
    model: askedModel,
    asksForReply: asksFor("/v1/responses"),
    lookUp: (call) => store.lookUp(call) ?? lookUpModels(call, model),
    validate: (call, advise) => checkReasoning(validateResponses(call, options, store, advise), store),
    view: (body) => viewResponses(body, store),
    answer: openAnswers(store),
    refusals: {
      ...openAIRefusals,
      context_too_long: () =>
        refuse(
          "Your input exceeds the context window of this model. Please adjust your input and try again.",
          {
            param: "input",
            code: "context_length_exceeded",
          },
        ),
      unanswered_call: () => unansweredCall("call_x"),
      orphan_result: () => orphanOutput("call_x"),
      bad_encrypted_content: () => badEncryptedContent("gAAAAABx0123456789"),
      items_not_persisted: () => notPersisted("rs_0123456789"),
    },
    rateLimited,
    // The reference shows these fields beside `type`; the live service nests them, and the SDK throws on that.
    errorFrame: ({ body }, before) =>
      sse("end", { type: "error", sequence_number: before, ...objectOf(body) }, "error"),
    failure: (status, message) => refuse(message, { status, type: "server_error" }),
  };
}
