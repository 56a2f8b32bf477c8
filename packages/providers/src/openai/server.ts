/** The server at OPENAI_BASE_URL: how it is reached, and which models it has. */
import { quote, UsageError } from "@eightfold/core";
import { type Service, throwRefusals } from "../answer.ts";
import { addressIn, type Environment, keyIn, needsKey } from "../environment.ts";
import { explainNetwork, refusalOf } from "../http-errors.ts";
import { openFetch } from "../network.ts";
import { isRecord, listOf, parseJson, recordOf } from "../wire-values.ts";

/** Where requests go, and in which of OpenAI's two protocols. */
export interface Endpoint extends Service {
  /** With its version: "https://api.openai.com/v1". */
  readonly baseURL: string;
  /** Goes behind each path: "?api-version=2026-01-01". */
  readonly query: string;
  readonly key: string | undefined;
  /** OpenAI itself; every other server is merely compatible, and is sent the least that it needs. */
  readonly isOpenAI: boolean;
  /** A server of one's own, by its plain http: it may have to load a model before it says a word. */
  readonly isOwn: boolean;
  readonly api: "responses" | "chat";
}

/**
 * OpenAI's newest models call tools only over Responses; servers that imitate OpenAI know Chat Completions best.
 * OPENAI_API decides where that guess is wrong. Throws a UsageError for settings that cannot work.
 */
export function endpointOf(env: Environment): Endpoint {
  const usual = "https://api.openai.com/v1";
  const url = addressIn(env, "OPENAI_BASE_URL", usual, ", and usually ends in /v1");
  const isOpenAI = url.hostname === "api.openai.com" || url.hostname.endsWith(".api.openai.com");
  if (/\/messages\/*$/.test(url.pathname)) {
    throw new UsageError(
      "OPENAI_BASE_URL ends in /messages, as Anthropic's API does. Put it into ANTHROPIC_BASE_URL.",
    );
  }
  // Documents and other programs often give the address of one operation, and people copy that.
  const [, path, operation] = OPERATION.exec(url.pathname) ?? [];
  const baseURL = `${url.origin}${path}`;
  const key = keyIn(env, "OPENAI_API_KEY");
  if (!key && isOpenAI) throw needsKey("OpenAI", "OPENAI_API_KEY", "https://platform.openai.com/api-keys");
  return {
    baseURL,
    query: url.search,
    key,
    secrets: [key, ...url.searchParams.values()],
    variable: "OPENAI_BASE_URL",
    isOpenAI,
    isOwn: url.protocol === "http:",
    api: chooseApi(env.OPENAI_API, operation ? operation === "responses" : isOpenAI),
    label: isOpenAI ? "OpenAI" : `The server at ${baseURL}`,
  };
}

const OPERATION = /^(.*?)(?:\/(chat\/completions|responses))?\/*$/;

function chooseApi(wanted: string | undefined, knowsResponses: boolean): Endpoint["api"] {
  if (wanted === undefined) return knowsResponses ? "responses" : "chat";
  if (wanted === "responses" || wanted === "chat") return wanted;
  throw new UsageError(`OPENAI_API is "${wanted}". It can be "responses" or "chat".`);
}

const PATIENCE_MS = 5000;
const MOST_SHOWN = 8;

/** The one model that a server offers; throws a UsageError that lists them when there are more. */
export async function onlyModel(endpoint: Endpoint, env: Environment): Promise<string> {
  const names = (await listModels(endpoint, env)).filter((name) => !/embed/i.test(name));
  const [first, ...others] = names;
  if (first === undefined) throw cannotChoose(`${endpoint.label} lists no model.`);
  if (others.length === 0) return first;
  const shown = names.slice(0, MOST_SHOWN).join(", ") + (names.length > MOST_SHOWN ? ", …" : "");
  throw cannotChoose(`${endpoint.label} has ${names.length} models: ${quote(shown)}.`, first);
}

async function listModels(endpoint: Endpoint, env: Environment): Promise<string[]> {
  const { baseURL, query, key, label } = endpoint;
  try {
    const headers = key ? { authorization: `Bearer ${key}` } : {};
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const fetch = throwRefusals(openFetch({ isUnlimited: false, env, query }), endpoint);
    const response = await fetch(`${baseURL}/models`, { headers, signal });
    return namesIn(parseJson(await response.text()));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status === 401) {
      throw new UsageError(
        key === undefined
          ? `${label} answers to those with a key only.\nSet OPENAI_API_KEY to a key for this server.`
          : `${label} refuses the key.\nCheck OPENAI_API_KEY.`,
      );
    }
    const known = explainNetwork(error, label);
    if (known) throw new UsageError([known.message, known.hint].filter(Boolean).join("\n"));
    const why = refusal
      ? `it answered ${refusal.status}`
      : error instanceof Error
        ? quote(error.message)
        : "";
    throw cannotChoose(`${label} does not say which models it has: ${why}.`);
  }
}

/** `{ data: [{ id }] }`; some servers send the bare list. */
function namesIn(body: unknown): string[] {
  const list = listOf(isRecord(body) ? body.data : body);
  return list.map((entry) => recordOf(entry).id).filter((id) => typeof id === "string");
}

function cannotChoose(what: string, example = "NAME"): UsageError {
  return new UsageError(`${what}\nName one: --model openai:${example}`);
}
