import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Model, modelOf, nearest, type Provider, quote, UsageError } from "@eightfold/core";
import { hideSecretsOf, record } from "@eightfold/trace";
import { type Environment, NETWORK, readEnvironment, tokensIn } from "./environment.ts";
import { costOf, priced, publishedModels } from "./published.ts";
import { flagsIn, type Given, readSettings, type Settings, takeNone } from "./settings.ts";

export interface ChosenModel {
  readonly model: Model;
  /** Why this one, as a short phrase: "OPENAI_API_KEY is set". */
  readonly reason: string;
}

/**
 * The `wanted` model ("openai", "ollama:qwen3:8b", "./mine.ts"), else what the environment holds, else a running Ollama, else the
 * demo. Only the chosen provider's code is loaded, and no SDK yet. @throws UsageError for one that cannot be had
 * @param wanted flags of the command line, or a name, with flags behind it: "openai:gpt-6.1-sol --effort high"
 */
export async function chooseModel(
  wanted: string | (Given & { readonly model?: string }) | undefined,
  env: Environment = readEnvironment(),
): Promise<ChosenModel> {
  tokensIn(env, "EIGHTFOLD_CONTEXT", 1000);
  hideSecretsOf(env);
  const { model: named, ...given } = typeof wanted === "string" ? flagsIn(wanted) : (wanted ?? {});
  const settings = readSettings(given);
  const chosen = await choose(named, { env, settings });
  const { model, reason } = chosen;
  if (settings.host !== undefined && model.provider !== "ollama")
    throw new UsageError(`--host is where Ollama listens, and ${model.provider} has no --host.`);
  const asked = named ?? env.EIGHTFOLD_MODEL ?? "";
  const isFile = /^replay\b|\.[cm]?[jt]s$/i.test(asked);
  const flags = Object.entries(settings).map(([name, value]) => ` --${name} ${value}`);
  spoken.set(model, [isFile ? asked : `${model.provider}:${model.name}`, ...flags].join(""));
  record({ type: "model", model: `${model.provider}:${model.name}`, reason, priced });
  return chosen;
}

const spoken = new WeakMap<Model, string>();

/** A model and what is set of it, in the words that choose it again: "openai:gpt-6.1-sol --effort high". */
export const inWords = (model: Model): string => spoken.get(model) ?? `${model.provider}:${model.name}`;

async function choose(wanted: string | undefined, place: Place): Promise<ChosenModel> {
  const { env, settings } = place;
  const { EIGHTFOLD_MODEL: usual } = env;
  if (wanted !== undefined) return openWanted(wanted, place, "--model says so");
  if (settings.host !== undefined && !/^ollama\b/i.test(usual ?? ""))
    return openWanted("ollama", place, "--host says so");
  const [set] = usual ? [{ variable: "EIGHTFOLD_MODEL", named: usual }] : keyedIn(env);
  if (set) return openWanted(set.named, place, `${set.variable} is set`, set.variable);

  const { findOllamaModel } = await import("./ollama/server.ts");
  const found = await findOllamaModel(env);
  if (found?.usable !== undefined) {
    const model = await open(`ollama:${found.usable}`, place);
    return { model, reason: "no API key is set, and Ollama is running" };
  }
  const ollama = found ? "Ollama has no model that can use tools" : "no Ollama is running";
  return { model: await open("demo", place), reason: `no API key is set, and ${ollama}` };
}

/** The providers that the environment has a key or an address for, and the variable that says so. */
function keyedIn(env: Environment): { named: string; variable: string }[] {
  return [...PROVIDERS].flatMap(([named, { variables = [] }]) => {
    const variable = variables.find((name) => env[name]);
    return variable === undefined ? [] : [{ named, variable }];
  });
}

/** What may be wanted here: models of the providers that the environment has a key for, those of a running Ollama, the demo. */
export async function modelNames(env: Environment = readEnvironment()): Promise<string[]> {
  const { findOllamaModel } = await import("./ollama/server.ts");
  const { installed = [] } = (await findOllamaModel(env)) ?? {};
  const published = keyedIn(env).flatMap(({ named }) =>
    publishedModels(named).map((name) => `${named}:${name}`),
  );
  return [...published, ...installed.map((name) => `ollama:${name}`), "demo"];
}

/** What a provider is opened with. */
interface Place {
  readonly env: Environment;
  readonly settings: Settings;
}

async function openWanted(
  wanted: string,
  place: Place,
  reason: string,
  variable?: string,
): Promise<ChosenModel> {
  const replayed = /^replay(@pace)?(?::(.*))?$/is.exec(wanted.trim());
  if (!replayed) return { model: await open(wanted, place, variable), reason };
  const [, pace, file] = replayed;
  const { openReplay } = await import("./replay/index.ts");
  const replay = await openReplay(file || undefined, pace !== undefined, place.env);
  if ("model" in replay) {
    takeNone(place.settings, "The demo in the trace is a script");
    return replay;
  }
  const [provider = ""] = replay.wanted.split(":");
  if (!PROVIDERS.has(provider))
    throw new UsageError(
      `The trace ${file} was recorded with a provider of its own, "${provider}", and cannot be played.`,
    );
  return { model: await open(replay.wanted, { ...place, env: replay.env }), reason: replay.reason };
}

/** A provider, as it is chosen. */
interface Choice {
  /** It is chosen where one of them is set. */
  readonly variables?: readonly string[];
  /** The names of its models: somebody who writes one alone means this provider. */
  readonly models?: RegExp;
  readonly open: (name: string | undefined, place: Place) => Promise<Model>;
}

/** All providers, in the order in which they are looked for. */
const PROVIDERS: ReadonlyMap<string, Choice> = new Map(
  Object.entries<Choice>({
    openai: {
      variables: ["OPENAI_API_KEY", "OPENAI_BASE_URL"],
      models: /^(gpt-|o\d)/i,
      open: async (...asked) => toolUser((await import("./openai/index.ts")).openOpenAI, ...asked),
    },
    anthropic: {
      variables: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"],
      models: /^claude-/i,
      open: async (...asked) => toolUser((await import("./anthropic/index.ts")).openAnthropic, ...asked),
    },
    gemini: {
      variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
      models: /^gemini-/i,
      open: async (...asked) => toolUser((await import("./gemini/index.ts")).openGemini, ...asked),
    },
    ollama: {
      // Of these names, some are close to a provider's.
      models: /^(gemma\d*|llama\d+):/i,
      open: async (...asked) => toolUser((await import("./ollama/index.ts")).openOllama, ...asked),
    },
    demo: {
      async open(name, { settings }) {
        takeNone(settings, "The demo is a script");
        return (await import("./demo/index.ts")).openDemo(name);
      },
    },
  }),
);

/** `replay:FILE` opens the provider that the trace is of. */
const NAMES: readonly string[] = [...PROVIDERS.keys(), "replay"];

/** Prices its replies; what comes from no network costs nothing. Models that know no tools, or write their calls as text, are met in kind. */
async function toolUser(
  openProvider: (name: string | undefined, ...place: [Environment, Settings]) => Provider | Promise<Provider>,
  given: string | undefined,
  { env, settings }: Place,
): Promise<Model> {
  const provider = await openProvider(given, env, settings);
  const { withTextForm } = await import("./text-form/index.ts");
  const { withSettings } = await import("./learning.ts");
  const { provider: service, name } = provider;
  return modelOf({
    ...withTextForm(withSettings(provider, settings)),
    costOf: (usage) => (env[NETWORK] ? 0 : costOf(service, name, usage)),
  });
}

/** Opens "provider" or "provider:name": names such as `qwen3:8b` hold colons too. Errors name the `variable` it came from. */
async function open(wanted: string, place: Place, variable?: string): Promise<Model> {
  const [, provider = "", name] = /^([^:]*)(?::(.*))?$/s.exec(wanted.trim()) ?? [];
  const choice = PROVIDERS.get(provider.toLowerCase());
  if (!choice && /\.[cm]?[jt]s$/.test(wanted.trim())) return modelOf(await openFile(wanted.trim(), place));
  if (!choice) throw unknownProvider(wanted.trim(), provider, variable);
  return choice.open(name || undefined, place);
}

/** A provider of the user's own: the file's default export makes one of the environment, of what is set, and of a `fetch` that is in traces. @throws UsageError */
async function openFile(file: string, { env, settings }: Place): Promise<Provider> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`);
  try {
    const { default: openMine } = await import(pathToFileURL(path).href);
    const { openFetch } = await import("./network.ts");
    const given = { ...settings, fetch: openFetch({ isUnlimited: false, env }) };
    const opened = typeof openMine === "function" ? await openMine(env, given) : undefined;
    const { provider, name, attempt, explain } = Object(opened);
    if ([provider, name].every((each) => typeof each === "string") && attempt && explain)
      return Object.keys(settings).length > 0
        ? (await import("./learning.ts")).withSettings(opened, settings)
        : opened;
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
  const known = NAMES.join(", ");
  return new UsageError(`${where}There is no provider "${provider}". The providers are ${known}.${meant}`);
}

/** A model's name without its provider, or a misspelt provider. */
function guessProvider(wanted: string, provider: string): string | undefined {
  const meant = [...PROVIDERS].find(([, { models }]) => models?.test(wanted));
  if (meant) return `${meant[0]}:${wanted}`;
  const near = nearest(provider.toLowerCase(), NAMES);
  if (near !== undefined) return near + wanted.slice(provider.length);
  return wanted.includes(":") ? `ollama:${wanted}` : undefined;
}
