import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Model, modelOf, nearest, type Provider, quote, UsageError } from "@eightfold/core";
import { type Environment, readEnvironment, tokensWanted } from "./environment.ts";
import { costOf } from "./published.ts";

export interface ChosenModel {
  readonly model: Model;
  /** Why this one, as a short phrase: "OPENAI_API_KEY is set". */
  readonly reason: string;
}

/**
 * The `wanted` model ("openai", "ollama:qwen3:8b", "./mine.ts"), else what the environment holds, else a running Ollama, else the
 * demo. Only the chosen provider's code is loaded, and no SDK yet. @throws UsageError for one that cannot be had
 */
export async function chooseModel(
  wanted: string | undefined,
  env: Environment = readEnvironment(),
): Promise<ChosenModel> {
  tokensWanted(env.EIGHTFOLD_CONTEXT);
  if (wanted !== undefined) return { model: await open(wanted, env), reason: "--model says so" };
  if (env.EIGHTFOLD_MODEL) return chosenBy("EIGHTFOLD_MODEL", env.EIGHTFOLD_MODEL, env);
  if (env.OPENAI_API_KEY) return chosenBy("OPENAI_API_KEY", "openai", env);
  if (env.OPENAI_BASE_URL) return chosenBy("OPENAI_BASE_URL", "openai", env);
  for (const variable of ANTHROPIC_VARIABLES) if (env[variable]) return chosenBy(variable, "anthropic", env);
  if (env.GEMINI_API_KEY) return chosenBy("GEMINI_API_KEY", "gemini", env);
  if (env.GOOGLE_API_KEY) return chosenBy("GOOGLE_API_KEY", "gemini", env);

  const { findOllamaModel } = await import("./ollama/server.ts");
  const found = await findOllamaModel(env);
  if (found?.usable !== undefined) {
    const model = await PROVIDERS.ollama(found.usable, env);
    return { model, reason: "no API key is set, and Ollama is running" };
  }
  const ollama = found ? "Ollama has no model that can use tools" : "no Ollama is running";
  return { model: await PROVIDERS.demo(undefined), reason: `no API key is set, and ${ollama}` };
}

const ANTHROPIC_VARIABLES = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"];

async function chosenBy(variable: string, wanted: string, env: Environment): Promise<ChosenModel> {
  return { model: await open(wanted, env, variable), reason: `${variable} is set` };
}

type Opener = (name: string | undefined, env: Environment) => Promise<Model>;

const PROVIDERS = {
  openai: async (name, env) => toolUser((await import("./openai/index.ts")).openOpenAI(name, env)),
  anthropic: async (name, env) => toolUser((await import("./anthropic/index.ts")).openAnthropic(name, env)),
  gemini: async (name, env) => toolUser((await import("./gemini/index.ts")).openGemini(name, env)),
  ollama: async (name, env) => toolUser((await import("./ollama/index.ts")).openOllama(name, env)),
  demo: async (name) => (await import("./demo/index.ts")).openDemo(name),
} satisfies Record<string, Opener>;

/** Prices its replies. Models that know no tools, or write their calls as text, are met in kind. */
async function toolUser(opening: Provider | Promise<Provider>): Promise<Model> {
  const provider = await opening;
  const { withTextForm } = await import("./text-form/index.ts");
  const { provider: service, name } = provider;
  return modelOf({ ...withTextForm(provider), costOf: (usage) => costOf(service, name, usage) });
}

/** Opens "provider" or "provider:name": names such as `qwen3:8b` hold colons too. Errors name the `variable` it came from. */
async function open(wanted: string, env: Environment, variable?: string): Promise<Model> {
  const [, provider = "", name] = /^([^:]*)(?::(.*))?$/s.exec(wanted.trim()) ?? [];
  const opener = Object.entries<Opener>(PROVIDERS).find(([known]) => known === provider.toLowerCase())?.[1];
  if (!opener && /\.[cm]?[jt]s$/.test(wanted.trim())) return modelOf(await openFile(wanted.trim(), env));
  if (!opener) throw unknownProvider(wanted.trim(), provider, variable);
  return opener(name || undefined, env);
}

/** A provider of the user's own: the file's default export makes one of the environment. @throws UsageError */
async function openFile(file: string, env: Environment): Promise<Provider> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`);
  try {
    const { default: openMine } = await import(pathToFileURL(path).href);
    const opened = typeof openMine === "function" ? await openMine(env) : undefined;
    const { provider, name, attempt, explain } = Object(opened);
    if ([provider, name].every((each) => typeof each === "string") && attempt && explain) return opened;
    const wanted = "{ provider, name, attempt, explain }";
    throw new Error(`its default export has to be a function of the environment that returns ${wanted}.`);
  } catch (error) {
    const { stack, message } = error instanceof Error ? error : new Error(String(error));
    const line = stack?.split(path)[1]?.match(/^:\d+/)?.[0] ?? "";
    throw new UsageError(`${file}${line} cannot be used: ${quote(message)}`);
  }
}

function unknownProvider(wanted: string, provider: string, variable?: string): UsageError {
  const where = variable === undefined ? "" : `${variable}: `;
  const guess = guessProvider(wanted, provider);
  const meant = guess === undefined ? "" : `\nDid you mean "${guess}"?`;
  const known = Object.keys(PROVIDERS).join(", ");
  return new UsageError(`${where}There is no provider "${provider}". The providers are ${known}.${meant}`);
}

/** A model's name without its provider, or a misspelt provider. */
function guessProvider(wanted: string, provider: string): string | undefined {
  if (/^(gpt-|o\d)/i.test(wanted)) return `openai:${wanted}`;
  if (/^claude-/i.test(wanted)) return `anthropic:${wanted}`;
  if (/^gemini-/i.test(wanted)) return `gemini:${wanted}`;
  // Models of Ollama whose names are close to a provider's.
  if (/^(gemma\d*|llama\d+):/i.test(wanted)) return `ollama:${wanted}`;
  const near = nearest(provider.toLowerCase(), Object.keys(PROVIDERS));
  if (near !== undefined) return near + wanted.slice(provider.length);
  return wanted.includes(":") ? `ollama:${wanted}` : undefined;
}
