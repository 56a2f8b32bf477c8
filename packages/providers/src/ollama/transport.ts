import { badReply, type ModelError, ModelFailure, waitFromHeaders } from "@eightfold/core";
import type { Fetch, Ollama } from "ollama";
import { type Refusal, wordsOf } from "./failure.ts";

export interface Connection {
  readonly host: string;
  /** The SDK takes no signal, and its own `abort()` does nothing before the first token: so one client a request. */
  readonly signal: AbortSignal;
  readonly apiKey?: string | undefined;
  explain(refusal: Refusal): ModelError;
}

/**
 * A client for one request. What the server refuses is thrown as a ModelFailure before the SDK sees it: the SDK
 * would write notes about it to the console, and to a body of an unexpected shape it says "[object Object]".
 */
export async function openClient(connection: Connection, fetch: Fetch): Promise<Ollama> {
  const { host, apiKey } = connection;
  const { Ollama } = await import("ollama");
  const isCloud = /^https:\/\/ollama\.com(:443)?$/.test(host);
  const headers = isCloud && apiKey !== undefined ? { Authorization: `Bearer ${apiKey}` } : {};
  return new Ollama({ host, headers, fetch: strict(fetch, connection) });
}

function strict(fetch: Fetch, { signal, explain }: Connection): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal });
    if (!response.ok) {
      const { status, headers } = response;
      const said = wordsOf(await response.text());
      throw new ModelFailure(explain({ status, said, retryAfterMs: waitFromHeaders(headers) }));
    }
    const isStream = String(input).endsWith("/api/chat") && response.body !== null;
    if (!isStream) return response;
    return new Response(ReadableStream.from(wholeLines(response.body, explain)), { status: response.status });
  };
}

/** The lines of a streamed reply. One with an error is thrown; a last one that is torn is left out. */
async function* wholeLines(
  body: ReadableStream<Uint8Array>,
  explain: Connection["explain"],
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.trim() !== "")) {
      const parsed = parse(line);
      if (parsed === undefined) throw badReply("Ollama sent a line that is no JSON.");
      if (parsed.error !== undefined) throw new ModelFailure(explain({ said: wordsOf(line) }));
      yield encoder.encode(`${line}\n`);
    }
  }
  if (parse(rest) !== undefined) yield encoder.encode(rest);
}

function parse(line: string): { error?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
