import { type ModelError, quote } from "@eightfold/core";
import { type Refusal, refusalOf } from "../http-errors.ts";
import { explainBy, isAboutTools, isOverflow, type Meaning, says } from "../meanings.ts";

/** What went wrong with a request, and what the user can do about it. */
export function explain(error: unknown, host: string, name: string): ModelError | undefined {
  const service = `Ollama at ${host}`;
  if (error instanceof SyntaxError) {
    const message = `${service} answered with something that is not JSON.`;
    return { kind: "unreachable", message, hint: WHO_ANSWERS, retryable: false };
  }
  const model = quote(name);
  const hints = {
    unknown_model: `Fetch it with: ollama pull ${model}. List yours with: ollama list.`,
    no_tools: `Choose a model other than ${model}.`,
    context_too_long: MORE_CONTEXT,
    bad_key: "Sign in with: ollama signin. Or choose a model that runs on this machine.",
  };
  const known = explainBy(MEANINGS, hints, error, service);
  const isOurs = known?.kind === "unreachable" && known.message.startsWith(service) && !refusalOf(error);
  return isOurs
    ? { ...known, hint: "Start it with: ollama serve. If it runs elsewhere, set OLLAMA_HOST." }
    : known;
}

/** A 404 that is about the model, and not about the path. */
export function isUnknownModel({ status, said }: Refusal): boolean {
  return status === 404 && /model/i.test(said);
}

const WHO_ANSWERS = "Is it Ollama that answers there? Check OLLAMA_HOST.";

export const MORE_CONTEXT =
  "Set OLLAMA_CONTEXT to more tokens, as far as the model and the memory allow, or start a new conversation.";

const LESS_MEMORY =
  "It may be short of memory. Choose a smaller model, or set OLLAMA_CONTEXT to fewer tokens.";

export function noTools(model: string): ModelError {
  return {
    kind: "no_tools",
    message: `The model ${model} cannot use tools by itself.`,
    hint: "Choose another model: ollama show NAME lists what a model can do.",
    retryable: false,
  };
}

const isAboutPlan = says(/usage limit|subscription|upgrade/i);
const isRunnerGone = says(/runner (has unexpectedly stopped|process (has terminated|no longer running))/i);

const MEANINGS: readonly Meaning[] = [
  { kind: "unknown_model", when: isUnknownModel },
  { kind: "unreachable", when: ({ status }) => status === 404, hint: WHO_ANSWERS },
  { kind: "no_tools", when: isAboutTools },
  { kind: "context_too_long", when: isOverflow },
  { kind: "bad_key", when: ({ status }) => status === 401 },
  {
    kind: "quota",
    when: (refusal) => refusal.status === 429 && isAboutPlan(refusal),
    hint: "Wait until it is renewed, or choose a model that runs on this machine.",
  },
  {
    kind: "no_access",
    when: (refusal) => refusal.status === 403 && isAboutPlan(refusal),
    hint: "Choose a model that runs on this machine.",
  },
  // The model's slip, and no fault of the server: https://github.com/ollama/ollama/issues/12884
  { kind: "bad_reply", when: says(/error parsing tool call/i) },
  { kind: "overloaded", when: says(/more system memory|requires more .*memory/i), hint: LESS_MEMORY },
  // Inside a stream, Ollama gives its words and no more.
  { kind: "cut_off", when: (refusal) => refusal.status === 0 && isRunnerGone(refusal), hint: LESS_MEMORY },
  { kind: "cut_off", when: ({ status }) => status === 0 },
  { when: isRunnerGone, hint: LESS_MEMORY },
  { when: ({ status }) => status === 503, hint: "It is busy with other requests. Ask again in a moment." },
];
