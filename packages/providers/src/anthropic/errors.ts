import { type ModelError, quote } from "@eightfold/core";
import {
  explainNetwork,
  explainRefusal,
  isAboutTools,
  isOutOfCredit,
  type Refusal,
  refusalOf,
} from "../http-errors.ts";
import { isOverflow } from "../overflow.ts";
import { SHORTEN } from "../reply.ts";

/** What an error has for a status where it comes inside a stream. https://platform.claude.com/docs/en/api/errors */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Who was asked, for which model, with the key of which variable. */
type Asked = Readonly<{ label: string; isAnthropic: boolean; model: string; keyVariable: string }>;

/** What went wrong with a request, and what the user can do about it. */
export function explain(error: unknown, asked: Asked): ModelError | undefined {
  const { label } = asked;
  const refusal = refusalOf(error);
  if (!refusal) return explainNetwork(error, label);
  const told = refusal.told ?? STATUS[refusal.type];
  const general = explainRefusal(label, { ...refusal, ...(told !== undefined && { told }) });
  const kind = finalKind(refusal, refusal.status ?? told) ?? general.kind;
  const hint = hintFor(kind, refusal, asked);
  const mayPass = ["rate_limit", "overloaded", "timeout"].includes(kind);
  return { ...general, kind, retryable: mayPass && general.retryable, ...(hint !== undefined && { hint }) };
}

const UNKNOWN_MODEL =
  /^model: |\bmodel\b.{0,99}(not exist|not found|not supported)|(unknown|invalid) model\b/i;

/** The refusals that asking again does not cure, and whose status does not tell. */
function finalKind(refusal: Refusal, status: number | undefined): ModelError["kind"] | undefined {
  const { said } = refusal;
  if (isOverflow(refusal)) return "context_too_long";
  if (isOutOfCredit(refusal)) return "quota";
  if ((status === 404 || status === 400) && UNKNOWN_MODEL.test(said)) return "unknown_model";
  if (isAboutTools(refusal)) return "no_tools";
  return /blocked by content filtering|content policy/i.test(said) ? "blocked" : undefined;
}

function hintFor(kind: ModelError["kind"], { status }: Refusal, asked: Asked): string | undefined {
  const atAnthropic = (words: string) => (asked.isAnthropic ? words : "");
  const model = quote(asked.model);
  const hints: Partial<Record<ModelError["kind"], string>> = {
    bad_key: `Check ${asked.keyVariable}.${atAnthropic(" https://platform.claude.com/settings/keys lists your keys.")}`,
    no_access: `Check what your key may do, or choose a model other than ${model}.`,
    unknown_model: `Check the name ${model}${atAnthropic(", or leave it out: --model anthropic takes the default")}.`,
    no_tools: `Choose a model other than ${model}.`,
    quota: `Add credit${atAnthropic(" at https://platform.claude.com/settings/billing")}, or choose another provider.`,
    context_too_long: SHORTEN,
    blocked: "Rephrase the request.",
    rate_limit: "Ask again in a minute, or choose another model.",
    overloaded: "Ask again in a moment, or choose another model.",
  };
  return hints[kind] ?? (status === 404 || status === 405 ? "Check ANTHROPIC_BASE_URL." : undefined);
}
