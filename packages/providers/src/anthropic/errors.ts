import { type ModelError, quote } from "@eightfold/core";
import { Refused, refusalOf } from "../http-errors.ts";
import {
  explainBy,
  isAboutTools,
  isOutOfCredit,
  isOverflow,
  type Meaning,
  says,
  usualHints,
} from "../meanings.ts";

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
export function explain(
  error: unknown,
  { label, isAnthropic, keyVariable, model }: Asked,
): ModelError | undefined {
  const refusal = refusalOf(error);
  const told = refusal?.told ?? STATUS[refusal?.type ?? ""];
  const known = refusal && told !== undefined ? new Refused({ ...refusal, told }) : error;
  const atAnthropic = (words: string) => (isAnthropic ? words : "");
  const hints = {
    ...usualHints(model),
    bad_key: `Check ${keyVariable}.${atAnthropic(" https://platform.claude.com/settings/keys lists your keys.")}`,
    unknown_model: `Check the name ${quote(model)}${atAnthropic(", or leave it out: --model anthropic takes the default")}.`,
    quota: `Add credit${atAnthropic(" at https://platform.claude.com/settings/billing")}, or choose another provider.`,
  };
  return explainBy(MEANINGS, hints, known, label);
}

const UNKNOWN_MODEL =
  /^model: |\bmodel\b.{0,99}(not exist|not found|not supported)|(unknown|invalid) model\b/i;

const MEANINGS: readonly Meaning[] = [
  { kind: "context_too_long", when: isOverflow },
  { kind: "quota", when: isOutOfCredit },
  {
    kind: "unknown_model",
    when: ({ status, said }) => [400, 404].includes(status) && UNKNOWN_MODEL.test(said),
  },
  { kind: "no_tools", when: isAboutTools },
  { kind: "blocked", when: says(/blocked by content filtering|content policy/i) },
  { kind: "bad_key", when: ({ status }) => status === 401 },
  { kind: "no_access", when: ({ status }) => status === 403 },
  { when: ({ status }) => status === 404 || status === 405, hint: "Check ANTHROPIC_BASE_URL." },
];
