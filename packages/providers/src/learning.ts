/** What a service refuses is left out of the same request, once, and of all that follow. It is found out by asking. */
import type { Message, NativeTurn, Provider } from "@eightfold/core";
import { type Refusal, refusalOf } from "./http-errors.ts";
import { modelFlags, type Settings } from "./settings.ts";

/** What one service and model do not take. */
export interface Learned {
  /** Optional parts of a request, by the names of the provider's quirks. */
  readonly refused: Set<string>;
  /** Turns that the service would not take back in their own form: made with another key, say. */
  readonly refusedTurns: WeakSet<NativeTurn>;
}

/** An optional part of a request, and how one knows that it was refused. */
export interface Quirk {
  readonly name: string;
  /** In the code of such a refusal, or in the line of its parameter, type and message. */
  readonly words: RegExp;
  /** Of such a refusal, where they are not those that are about the request. */
  readonly statuses?: readonly number[];
}

/** The statuses of a refusal that is about the request. */
const ABOUT_REQUEST: readonly number[] = [400, 404, 422];

function isRefused({ words, statuses = ABOUT_REQUEST }: Quirk, refusal: Refusal): boolean {
  const { code, param, type, said } = refusal;
  return statuses.includes(refusal.status ?? 0) && words.test(`${code}\n${param} ${type} ${said}`);
}

/** The quirk that is about turns in their own form: those of this request are sent in neutral form from then on. */
export const OWN_TURNS = "own turns";

/** @param known what is known to be refused before anything is asked */
export function nothingLearned(...known: string[]): Learned {
  return { refused: new Set(known), refusedTurns: new WeakSet() };
}

/** Asks, and asks again as long as something optional was refused. Each part is refused only once, so it ends. */
export async function askLearning<Answer>(
  { refused, refusedTurns }: Learned,
  conversation: readonly Message[],
  quirks: readonly Quirk[],
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const turns = conversation.flatMap((message) => (message.role === "assistant" && message.native) || []);
  for (;;) {
    // Of the beginning of this request: others that are under way meanwhile may have learned more by its end.
    const leftOut = new Set(refused);
    const ownTurns = turns.filter((turn) => !refusedTurns.has(turn));
    try {
      return await ask();
    } catch (error) {
      const refusal = refusalOf(error);
      const isSent = (name: string) => (name === OWN_TURNS ? ownTurns.length > 0 : !leftOut.has(name));
      const quirk = refusal && quirks.find((each) => isSent(each.name) && isRefused(each, refusal));
      if (!quirk) throw error;
      if (quirk.name !== OWN_TURNS) refused.add(quirk.name);
      else for (const turn of ownTurns) refusedTurns.add(turn);
    }
  }
}

/** The same provider, as patient as it was told to be. What the user set is never left out: where it is refused, the advice names its flag. */
export function withSettings(provider: Provider, settings: Settings): Provider {
  const { timeout } = settings;
  return {
    ...provider,
    ...(timeout !== undefined && { idleMs: timeout * 1000 }),
    explain(error) {
      const known = provider.explain(error);
      const { param, said } = refusalOf(error) ?? {};
      if (known?.kind !== "bad_request" || known.hint !== undefined) return known;
      const flag = modelFlags.find(
        ({ name, words }) => settings[name] !== undefined && words?.test(`${param} ${said}`),
      );
      if (!flag) return known;
      const without = `With --model ${provider.provider}:${provider.name} alone, it is not sent.`;
      return { ...known, hint: `Leave out --${flag.name}. ${without}` };
    },
  };
}
