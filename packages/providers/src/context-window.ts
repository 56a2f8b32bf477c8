import { type Model, UsageError } from "@eightfold/core";
import { type Environment, readEnvironment } from "./environment.ts";
import published from "./prices.json" with { type: "json" };

/** For a model of which nothing is known. One that takes less refuses what is too long, and says so. */
const DEFAULT_WINDOW = 128_000;

const WINDOWS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  openai: published.openai.windows,
  gemini: published.gemini.windows,
};

/**
 * How many tokens a request to this model and its reply may take together: what the provider says, else what is
 * published, else a careful guess. EIGHTFOLD_CONTEXT sets it, within what the provider says.
 * @throws UsageError when EIGHTFOLD_CONTEXT is no number of tokens
 */
export async function contextWindow(
  model: Model,
  signal: AbortSignal,
  env: Environment = readEnvironment(),
): Promise<number> {
  const wanted = tokensWanted(env.EIGHTFOLD_CONTEXT);
  // A server that cannot be asked will not answer the request either, and that says why.
  const told = await model.contextWindow?.(signal).catch(() => undefined);
  if (wanted !== undefined) return Math.min(wanted, told ?? wanted);
  return told ?? WINDOWS[model.provider]?.[model.name] ?? DEFAULT_WINDOW;
}

/** EIGHTFOLD_CONTEXT, a number of tokens. @throws UsageError for anything else */
export function tokensWanted(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value) && Number(value) >= 1000) return Number(value);
  throw new UsageError(
    `EIGHTFOLD_CONTEXT is a number of tokens from 1000 on, such as 16000, and not "${value}".`,
  );
}
