/** What providers publish of their models: prices and windows. `prices.json` holds it, with its date and its sources. */
import type { Model, Usage } from "@eightfold/core";
import { type Environment, readEnvironment, tokensIn } from "./environment.ts";
import published from "./prices.json" with { type: "json" };

/** Dollars per million tokens. */
interface Price {
  readonly until?: string;
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  /** For this model alone. */
  readonly longInput?: LongInput;
}

/** A request with more input tokens than this is charged at a multiple. */
interface LongInput {
  readonly above: number;
  readonly inputTimes: number;
  readonly outputTimes: number;
}

interface Published {
  readonly longInput?: LongInput;
  readonly models: Readonly<Record<string, readonly Price[]>>;
  /** In tokens, for a request and its reply together. */
  readonly windows: Readonly<Record<string, number>>;
}

const { openai, anthropic, gemini } = published;
const PUBLISHED = new Map<string, Published>(Object.entries({ openai, anthropic, gemini }));

/** The day of the prices. */
export const { asOf: priced } = published;

/**
 * What a request cost, in US dollars. Undefined when the price or a count is unknown: an unknown cost is never shown
 * as nothing. The demo charges nothing, nor does a server of Ollama; its cloud does.
 */
export function costOf(
  provider: string,
  model: string,
  { input, cached = 0, cacheWrite = 0, output }: Usage,
  today = new Date(),
): number | undefined {
  if (provider === "demo" || (provider === "ollama" && !/[:-]cloud$/.test(model))) return 0;
  const list = PUBLISHED.get(provider);
  const price = list && currentPrice(list, model, today);
  if (!price || input === undefined || output === undefined) return undefined;
  if (cached > 0 && price.cached === undefined) return undefined;
  if (cacheWrite > 0 && price.cacheWrite === undefined) return undefined;
  const { longInput = list.longInput } = price;
  const long = longInput && input > longInput.above ? longInput : undefined;
  const read = (input - cached - cacheWrite) * price.input;
  const stored = cached * (price.cached ?? 0) + cacheWrite * (price.cacheWrite ?? 0);
  const written = output * price.output;
  return ((read + stored) * (long?.inputTimes ?? 1) + written * (long?.outputTimes ?? 1)) / 1_000_000;
}

/** A snapshot such as `gpt-6-luna-2026-08-06` or `claude-haiku-5-5-20260901` costs what its model does. */
function currentPrice({ models }: Published, model: string, today: Date): Price | undefined {
  const family = model.replace(/-\d{4}(-?)\d\d\1\d\d$/, "");
  const prices = Object.entries(models).find(([name]) => name === family)?.[1];
  const day = today.toISOString().slice(0, 10);
  return prices?.find(({ until }) => until === undefined || day <= until);
}

/** The models that a provider publishes a price of. */
export const publishedModels = (provider: string): string[] =>
  Object.keys(PUBLISHED.get(provider)?.models ?? {});

/** What is published of a model's window. */
export function publishedWindow(provider: string, model: string): number | undefined {
  return PUBLISHED.get(provider)?.windows[model];
}

/** For a model of which nothing is known. One that takes less refuses what is too long, and says so. */
const DEFAULT_WINDOW = 128_000;

/**
 * How many tokens a request to this model and its reply may take together: what the provider says, else what is
 * published, else a careful guess. EIGHTFOLD_CONTEXT sets it, within what the provider says.
 * @throws UsageError when EIGHTFOLD_CONTEXT is not a number of tokens
 */
export async function contextWindow(model: Model, signal: AbortSignal, env: Environment = readEnvironment()) {
  const wanted = tokensIn(env, "EIGHTFOLD_CONTEXT", 1000);
  // A server that cannot be asked will not answer the request either, and that says why.
  const told = await model.contextWindow?.(signal).catch(() => undefined);
  if (wanted !== undefined) return Math.min(wanted, told ?? wanted);
  return told ?? publishedWindow(model.provider, model.name) ?? DEFAULT_WINDOW;
}
