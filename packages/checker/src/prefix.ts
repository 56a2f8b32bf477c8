import type { Dialect, RecordedRequest } from "@eightfold/wire";
import { expectEqual, expectThat } from "./expect.ts";

/** The parts of a request that a provider makes its prompt of, in its order. The conversation, which grows, is the last. */
const PROMPT: Readonly<Record<Dialect, readonly string[]>> = {
  responses: ["tools", "instructions", "input"],
  chat: ["tools", "messages"],
  anthropic: ["tools", "system", "messages"],
  gemini: ["systemInstruction", "tools", "contents"],
  ollama: ["tools", "messages"],
};

/**
 * What a provider's cache works on: tools, system prompt and conversation as one text. The order of the keys in the JSON
 * of a request says nothing about it, and Anthropic's marks for its cache are not part of the prompt.
 */
export function promptText(dialect: Dialect, { body }: RecordedRequest): string {
  return PROMPT[dialect].map((name) => JSON.stringify(fieldsOf(body)[name] ?? null, withoutMarks)).join("\n");
}

const withoutMarks = (name: string, value: unknown) => (name === "cache_control" ? undefined : value);

/** Expects the prompt of each request to begin with the one before, whole, and all else in a request to stay as it is. */
export function expectOneGrowingPrompt(dialect: Dialect, requests: readonly RecordedRequest[]): void {
  for (const [index, request] of requests.entries()) {
    const before = requests[index - 1];
    if (before === undefined) continue;
    expectEqual(
      settingsOf(dialect, request),
      settingsOf(dialect, before),
      `the settings of request ${index + 1}`,
    );
    // What closes the JSON of the conversation is further back in a longer one.
    const start = promptText(dialect, before).replace(/["\]}]+$/, "");
    const seen = promptText(dialect, request);
    const shared = sharedStart(start, seen);
    expectThat(
      shared === start.length,
      `request ${index + 1} to begin with the one before; there, ${JSON.stringify(start.slice(shared, shared + 80))}`,
      seen.slice(shared, shared + 80),
    );
  }
}

/** How many characters two texts share from their start. */
export function sharedStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function settingsOf(dialect: Dialect, { body, path }: RecordedRequest): unknown {
  const settings = Object.entries(fieldsOf(body)).filter(([name]) => !PROMPT[dialect].includes(name));
  return [path, Object.fromEntries(settings)];
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}
