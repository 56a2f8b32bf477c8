import { type ModelError, quote } from "@eightfold/core";
import type { Refusal } from "../http-errors.ts";
import { explainBy, isAboutTools, isOverflow, type Meaning, usualHints } from "../meanings.ts";
import { listOf, recordOf, wordsOf } from "../wire-values.ts";

/** What went wrong with a request, and what the user can do about it. */
export function explain(error: unknown, name: string): ModelError | undefined {
  const model = quote(name);
  const hints = {
    ...usualHints(name),
    bad_key: "Check GEMINI_API_KEY. https://aistudio.google.com/apikey lists your keys.",
    unknown_model: `Check the name ${model}, or leave it out: --model gemini takes the default.`,
    quota: `Your plan has no quota for ${model}. Choose another model, or turn on billing.`,
    overloaded: "Ask again in a minute, or choose another model.",
  };
  return explainBy(MEANINGS, hints, error, "Gemini");
}

const MEANINGS: readonly Meaning[] = [
  // Google answers 400, not 401, to a wrong key.
  {
    kind: "bad_key",
    when: ({ status, said, details }) =>
      status === 401 ||
      details.some(({ reason }) => reason === "API_KEY_INVALID") ||
      (status === 400 && /API key (not valid|expired)/i.test(said)),
  },
  { kind: "no_access", when: ({ status }) => status === 403 },
  { kind: "unknown_model", when: ({ status }) => status === 404 },
  { kind: "quota", when: ({ status, said }) => status === 429 && /\blimit: 0\b/.test(said) },
  {
    kind: "quota",
    when: ({ status, details }) => status === 429 && isDaily(details),
    hint: "Today's quota is used up. Choose another model, turn on billing, or ask again tomorrow.",
  },
  { kind: "context_too_long", when: isOverflow },
  { kind: "no_tools", when: (refusal) => refusal.status === 400 && isAboutTools(refusal) },
  {
    kind: "no_access",
    when: ({ status, said }) => status === 400 && /location is not supported/i.test(said),
    hint: "https://ai.google.dev/gemini-api/docs/available-regions lists where it is offered.",
  },
];

function isDaily(details: Refusal["details"]): boolean {
  const violations = details.flatMap((detail) => listOf(detail.violations));
  return violations.some((violation) => wordsOf(recordOf(violation).quotaId).includes("PerDay"));
}
