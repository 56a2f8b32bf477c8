import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { type Dialect, type Fault, startWire, type WireServer } from "../src/index.ts";
import { dialects } from "./ask.ts";

let server: WireServer | undefined;
afterEach(() => server?.close());

/** Asks through the real SDK, reads the stream to its end, and returns what it throws. */
async function errorOf(dialect: Dialect, fault: Fault): Promise<unknown> {
  server = await startWire(dialect, [{ text: "Hello to you.", fault }]);
  try {
    for await (const _ of await open(dialect, server)) {
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

async function open(dialect: Dialect, { env, url }: WireServer): Promise<AsyncIterable<unknown>> {
  if (dialect === "ollama") {
    const messages = [{ role: "user", content: "hello" }];
    const options = { num_ctx: 4096 };
    return new Ollama({ host: url }).chat({ model: "qwen3.5", messages, options, stream: true });
  }
  if (dialect === "anthropic") {
    const anthropic = new Anthropic({ apiKey: env.ANTHROPIC_API_KEY ?? "", baseURL: url, maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "hello" }];
    return anthropic.messages.create({ model: "claude-opus-5-5", max_tokens: 99, messages, stream: true });
  }
  if (dialect === "gemini") {
    const gemini = new GoogleGenAI({ apiKey: env.GEMINI_API_KEY ?? "", httpOptions: { baseUrl: url } });
    const contents = [{ role: "user", parts: [{ text: "hello" }] }];
    return gemini.models.generateContentStream({ model: "gemini-3.8-flash", contents });
  }
  const openai = new OpenAI({
    apiKey: env.OPENAI_API_KEY ?? "",
    baseURL: env.OPENAI_BASE_URL ?? "",
    maxRetries: 0,
    logLevel: "off",
  });
  const messages = [{ role: "user" as const, content: "hello" }];
  return dialect === "chat"
    ? openai.chat.completions.create({ model: "local-model", messages, stream: true })
    : openai.responses.create({ model: "gpt-6.1-sol", input: "hello", store: false, stream: true });
}

describe.each(dialects)("the SDK for %s", (dialect) => {
  test("throws the service's words for an error inside the stream", async () => {
    const error = await errorOf(dialect, { type: "error_event", at: "text" });
    const words = {
      responses: "The server is currently overloaded with other requests.",
      chat: "The server is currently overloaded with other requests.",
      anthropic: "Overloaded",
      gemini: "The model is overloaded. Please try again later.",
      ollama: "server busy, please try again.  maximum pending requests exceeded",
    };
    expect(error).toMatchObject({ message: expect.stringContaining(words[dialect]) });
    if (dialect === "responses") expect(error).toMatchObject({ code: "server_is_overloaded" });
  });

  test("tells the status of a refusal", async () => {
    const error = await errorOf(dialect, { type: "refusal", name: "overloaded" });
    const status = dialect === "anthropic" ? 529 : 503;
    expect(error).toMatchObject(dialect === "ollama" ? { status_code: status } : { status });
  });

  test("reads a decorated stream without an error", async () => {
    expect(await errorOf(dialect, { type: "decorated" })).toBeUndefined();
  });

  test("breaks on a reset", async () => {
    expect(await errorOf(dialect, { type: "reset", at: "text" })).toMatchObject({ message: "terminated" });
  });
});
