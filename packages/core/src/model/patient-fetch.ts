/**
 * A fetch without time limits of its own, for servers that run on the user's machine. Node's gives up when no byte
 * has come for 300 s, and a large model can take longer than that to load and to read a long conversation.
 * https://github.com/ollama/ollama-js/issues/72
 */
export async function patientFetch(): Promise<typeof globalThis.fetch> {
  const { Agent, fetch } = await import("undici");
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  // undici's own types of request and answer are those of Node, but for names.
  return ((url: string, init: object) =>
    fetch(url, { ...init, dispatcher })) as unknown as typeof globalThis.fetch;
}
