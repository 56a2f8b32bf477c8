import { type Dialect, dialects, type WireServer } from "../src/index.ts";

/** Valid requests in every dialect, sent by hand. */

export { dialects };

const parameters = {
  type: "object",
  properties: { path: { type: "string", description: "A file." } },
  required: ["path"],
};
const declaration = { name: "read_file", description: "Reads a file.", parameters };

/** "hello", with one tool on offer. */
export const hello: Readonly<Record<Dialect, Readonly<Record<string, unknown>>>> = {
  responses: {
    model: "gpt-6.1-sol",
    instructions: "Be brief.",
    input: [{ role: "user", content: "hello" }],
    tools: [{ type: "function", ...declaration, strict: false }],
    reasoning: { summary: "auto" },
    include: ["reasoning.encrypted_content"],
    store: false,
    stream: true,
  },
  chat: {
    model: "local-model",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hello" },
    ],
    tools: [{ type: "function", function: declaration }],
    stream: true,
  },
  anthropic: {
    model: "claude-opus-5-5",
    max_tokens: 64_000,
    system: "Be brief.",
    messages: [{ role: "user", content: "hello" }],
    tools: [{ name: "read_file", description: "Reads a file.", input_schema: parameters }],
    thinking: { type: "adaptive", display: "summarized" },
    stream: true,
  },
  gemini: {
    systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
    contents: [{ role: "user", parts: [{ text: "hello" }] }],
    tools: [
      {
        functionDeclarations: [
          { name: "read_file", description: "Reads a file.", parametersJsonSchema: parameters },
        ],
      },
    ],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  },
  ollama: {
    model: "qwen3.5",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "hello" },
    ],
    tools: [{ type: "function", function: declaration }],
    options: { num_ctx: 8192 },
    stream: true,
  },
};

const paths: Readonly<Record<Dialect, string>> = {
  responses: "/v1/responses",
  chat: "/v1/chat/completions",
  anthropic: "/v1/messages",
  gemini: "/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse",
  ollama: "/api/chat",
};

/** Sends a body to the path for replies, with the key that the server expects. */
export function post(
  server: WireServer,
  dialect: Dialect,
  body: unknown = hello[dialect],
  init: RequestInit = {},
  path: string = paths[dialect],
): Promise<Response> {
  const { OPENAI_API_KEY = "", ANTHROPIC_API_KEY = "", GEMINI_API_KEY = "" } = server.env;
  const headers = {
    "content-type": "application/json",
    ...(OPENAI_API_KEY && { authorization: `Bearer ${OPENAI_API_KEY}` }),
    ...(ANTHROPIC_API_KEY && { "x-api-key": ANTHROPIC_API_KEY, "anthropic-version": "2026-10-21" }),
    ...(GEMINI_API_KEY && { "x-goog-api-key": GEMINI_API_KEY }),
  };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(server.url + path, { method: "POST", headers, body: text, ...init });
}

/** Sends a changed "hello", and reads the refusal that it gets: status and message. */
export async function refusalOf(
  server: WireServer,
  dialect: Dialect,
  changes: Readonly<Record<string, unknown>> | string,
): Promise<{ status: number; message: string }> {
  const body = typeof changes === "string" ? changes : { ...hello[dialect], ...changes };
  return readRefusal(await post(server, dialect, body));
}

/** Sends a changed "hello" that is taken, and reads what the server advises; throws when it is refused. */
export async function adviceOf(
  server: WireServer,
  dialect: Dialect,
  changes: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const { status, message } = await refusalOf(server, dialect, changes);
  if (status !== 200) throw new Error(`refused: ${message}`);
  return server.requests.at(-1)?.advice ?? [];
}

/** Status and message of an answer that is no reply; the message is empty for a reply. */
export async function readRefusal(response: Response): Promise<{ status: number; message: string }> {
  const text = await response.text();
  if (response.status === 200) return { status: 200, message: "" };
  const { error } = JSON.parse(text);
  return { status: response.status, message: typeof error === "string" ? error : error.message };
}
