import { type ModelError, quote } from "@eightfold/core";
import {
  explainBy,
  isAboutTools,
  isOutOfCredit,
  isOverflow,
  type Meaning,
  says,
  usualHints,
} from "../meanings.ts";

/** Who was asked, for which model, with the key of which variable. */
type Asked = Readonly<{ label: string; isAnthropic: boolean; model: string; keyVariable: string }>;

/** What went wrong with a request, and what the user can do about it. */
export function explain(
  error: unknown,
  { label, isAnthropic, keyVariable, model }: Asked,
): ModelError | undefined {
  const atAnthropic = (words: string) => (isAnthropic ? words : "");
  const hints = {
    ...usualHints(model),
    bad_key: `Check ${keyVariable}.${atAnthropic(" https://platform.claude.com/settings/keys lists your keys.")}`,
    unknown_model: `Check the name ${quote(model)}${atAnthropic(", or leave it out: --model anthropic takes the default")}.`,
    quota: `Add credit${atAnthropic(" at https://platform.claude.com/settings/billing")}, or choose another provider.`,
  };
  return explainBy(MEANINGS, hints, error, label);
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
