import { objectOf, stringOf } from "../json.ts";
import type { WireOptions } from "../script.ts";
import { line, type Service } from "../service.ts";
import { openAnswers } from "./answer.ts";
import { saysNothing } from "./context.ts";
import { localModel, lookUp } from "./models.ts";
import { ollamaRefusals, rateLimited, refuse } from "./refusals.ts";
import { validateOllama } from "./validate.ts";
import { viewOllama } from "./view.ts";

/** An Ollama server with one model. */
export function openOllama(options: WireOptions): Service {
  const model = localModel(options);
  let loaded: number | undefined;
  return {
    contentType: () => "application/x-ndjson",
    env: (url) => ({ OLLAMA_HOST: url, EIGHTFOLD_MODEL: `ollama:${model.name}` }),
    model: ({ body }) => stringOf(objectOf(body).model) || model.name,
    asksForReply: ({ method, path, body }) =>
      method === "POST" && ["/api/chat", "/api/generate"].includes(path) && !saysNothing(body),
    lookUp: (call) => lookUp(call, model, loaded),
    validate: (call, advise) => {
      loaded = validateOllama(call, model, loaded, advise);
    },
    view: viewOllama,
    answer: openAnswers(model),
    refusals: ollamaRefusals,
    rateLimited,
    errorFrame: ({ body }) => line("end", body),
    failure: refuse,
  };
}
