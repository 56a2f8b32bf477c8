import { type ModelError, quote } from "@eightfold/core";
import { explainNetwork, explainRefusal, isAboutTools, type Refusal, refusalOf } from "../http-errors.ts";
import { isOverflow } from "../overflow.ts";
import { SHORTEN } from "../reply.ts";
import { listOf, recordOf, wordsOf } from "../wire-values.ts";

/** What went wrong with a request, and what the user can do about it. */
export function explain(error: unknown, model: string): ModelError | undefined {
  const refusal = refusalOf(error);
  if (!refusal) return explainNetwork(error, "Gemini");
  const general = explainRefusal("Gemini", refusal);
  const isBusy = general.kind === "rate_limit" || general.kind === "overloaded";
  const passing = isBusy ? { hint: "Ask again in a minute, or choose another model." } : {};
  return { ...general, ...(finalMeaning(refusal, quote(model)) ?? passing) };
}

/** The refusals that asking again does not cure. */
function finalMeaning(refusal: Refusal, model: string): Partial<ModelError> | undefined {
  const { said, details, status = refusal.told } = refusal;
  const final = (kind: ModelError["kind"], hint: string) => ({ kind, hint, retryable: false });
  // Google answers 400, not 401, to a wrong key.
  const isKeyInvalid = details.some(({ reason }) => reason === "API_KEY_INVALID");
  if (status === 401 || isKeyInvalid || (status === 400 && /API key (not valid|expired)/i.test(said))) {
    return final("bad_key", "Check GEMINI_API_KEY. https://aistudio.google.com/apikey lists your keys.");
  }
  if (status === 403)
    return final("no_access", `Check what the key may do, or choose a model other than ${model}.`);
  if (status === 404) {
    const hint = `Check the name ${model}, or leave it out: --model gemini takes the default.`;
    return final("unknown_model", hint);
  }
  if (status === 429 && /\blimit: 0\b/.test(said)) {
    return final("quota", `Your plan has no quota for ${model}. Choose another model, or turn on billing.`);
  }
  if (status === 429 && isDaily(details)) {
    const hint = "Today's quota is used up. Choose another model, turn on billing, or ask again tomorrow.";
    return final("quota", hint);
  }
  if (isOverflow(refusal)) return final("context_too_long", SHORTEN);
  if (status !== 400) return undefined;
  if (isAboutTools(refusal)) {
    return final("no_tools", `Choose a model other than ${model}.`);
  }
  if (/location is not supported/i.test(said)) {
    const hint = "https://ai.google.dev/gemini-api/docs/available-regions lists where it is offered.";
    return final("no_access", hint);
  }
  return undefined;
}

function isDaily(details: Refusal["details"]): boolean {
  const violations = details.flatMap((detail) => listOf(detail.violations));
  return violations.some((violation) => wordsOf(recordOf(violation).quotaId).includes("PerDay"));
}
