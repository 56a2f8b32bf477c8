import { letEventsIn } from "./let-events-in.ts";

/**
 * A fetch without time limits of its own, for servers that run on the user's machine. Node's gives up when no byte
 * has come for 300 s, and a large model can take longer than that to load and to read a long conversation.
 * https://github.com/ollama/ollama-js/issues/72
 */
export function patientFetch(): Promise<typeof globalThis.fetch> {
  patient ??= openPatientFetch();
  return patient;
}

let patient: Promise<typeof globalThis.fetch> | undefined;

async function openPatientFetch(): Promise<typeof globalThis.fetch> {
  const { Agent, fetch } = await import("undici");
  await letEventsIn();
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  // undici's own types of request and answer are those of Node, but for names.
  return ((url: string, init: object) =>
    fetch(url, { ...init, dispatcher })) as unknown as typeof globalThis.fetch;
}
