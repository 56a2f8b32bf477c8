import { explainNetwork, quote, UsageError } from "@eightfold/core";
import type { Endpoint } from "./endpoint.ts";

const PATIENCE_MS = 5000;
const MOST_SHOWN = 8;

/** The one model that a server offers; throws a UsageError that lists them when there are more. */
export async function onlyModel(endpoint: Endpoint): Promise<string> {
  const names = (await listModels(endpoint)).filter((name) => !/embed/i.test(name));
  const [first, ...others] = names;
  if (first === undefined) throw cannotChoose(`${endpoint.label} lists no model.`);
  if (others.length === 0) return first;
  const shown = names.slice(0, MOST_SHOWN).join(", ") + (names.length > MOST_SHOWN ? ", …" : "");
  throw cannotChoose(`${endpoint.label} has ${names.length} models: ${quote(shown)}.`, first);
}

async function listModels({ baseURL, key, label }: Endpoint): Promise<string[]> {
  try {
    const headers = key ? { authorization: `Bearer ${key}` } : {};
    const response = await fetch(`${baseURL}/models`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status === 401) throw keyWanted(key, label);
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return namesIn(await response.json());
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const known = explainNetwork(error, label);
    if (known) throw new UsageError([known.message, known.hint].filter(Boolean).join("\n"));
    const why = quote(error instanceof Error ? error.message : String(error));
    throw cannotChoose(`${label} does not say which models it has: ${why}.`);
  }
}

/** `{ data: [{ id }] }`; some servers send the bare list. */
function namesIn(body: unknown): string[] {
  const list: unknown = typeof body === "object" && body !== null && "data" in body ? body.data : body;
  if (!Array.isArray(list)) return [];
  return list.map((entry: { id?: unknown } | null) => entry?.id).filter((id) => typeof id === "string");
}

function keyWanted(key: string | undefined, label: string): UsageError {
  return new UsageError(
    key === undefined
      ? `${label} answers to those with a key only.\nSet OPENAI_API_KEY to a key for this server.`
      : `${label} refuses the key.\nCheck OPENAI_API_KEY.`,
  );
}

function cannotChoose(what: string, example = "NAME"): UsageError {
  return new UsageError(`${what}\nName one: --model openai:${example}`);
}
