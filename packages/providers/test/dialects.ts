/** The same reply from a server of each dialect, or whatever else it answers. */
import type { ServerResponse } from "node:http";
import { modelOf } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { serve } from "@eightfold/core/test/scratch-server";
import { openAnthropic } from "../src/anthropic/index.ts";
import { openGemini } from "../src/gemini/index.ts";
import { openOllama } from "../src/ollama/index.ts";
import { openOpenAI } from "../src/openai/index.ts";
import { ollamaServer } from "./ollama.ts";
import { waitForNothing } from "./openai.ts";

export const KEY = "sk-secret-0123456789";
const conversation = [{ role: "user", text: "hello" }] as const;

export type Dialect = "chat" | "responses" | "anthropic" | "gemini" | "ollama";
export type Write = (response: ServerResponse) => unknown;

/** One reply of each provider, of a server that writes these answers, one after the other; the last of them from then on. */
export async function reply(
  dialect: Dialect,
  answers: (Write | string)[],
  signal = new AbortController().signal,
) {
  waitForNothing();
  let asked = 0;
  const answer = (response: ServerResponse) => {
    const next = answers[Math.min(asked++, answers.length - 1)] ?? "";
    return typeof next === "string" ? response.writeHead(200).end(next) : next(response);
  };
  const openers = {
    async ollama() {
      const server = await ollamaServer({ chat: answer });
      return openOllama("m", { OLLAMA_HOST: server.url, OLLAMA_API_KEY: KEY });
    },
    async anthropic() {
      const server = await serve((_, response) => answer(response));
      return openAnthropic("m", { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: KEY });
    },
    async gemini() {
      const server = await serve((_, response) => answer(response));
      return openGemini("m", { GOOGLE_GEMINI_BASE_URL: server.url, GEMINI_API_KEY: KEY });
    },
    async chat() {
      const server = await serve((_, response) => answer(response));
      return openOpenAI("m", { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: KEY });
    },
    async responses() {
      const server = await serve((_, response) => answer(response));
      const env = { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: KEY, OPENAI_API: "responses" };
      return openOpenAI("m", env);
    },
  };
  const heard = await hear(modelOf(await openers[dialect]()).stream({ conversation }, signal));
  return { ...heard, asked };
}

/** The records of a whole reply, "Hi.", and of one that has only begun. */
export const begun: Record<Dialect, object[]> = {
  chat: [{ choices: [{ index: 0, delta: { content: "Hi." } }] }],
  responses: [{ type: "response.output_text.delta", output_index: 0, delta: "Hi." }],
  anthropic: [{ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi." } }],
  gemini: [{ candidates: [{ content: { role: "model", parts: [{ text: "Hi." }] } }] }],
  ollama: [{ message: { role: "assistant", content: "Hi." }, done: false }],
};
export const last: Record<Dialect, object> = {
  chat: { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  responses: { type: "response.completed", response: { status: "completed", output: [] } },
  anthropic: { type: "message_delta", delta: { stop_reason: "end_turn" } },
  gemini: { candidates: [{ finishReason: "STOP" }] },
  ollama: { message: { role: "assistant", content: "" }, done: true, done_reason: "stop" },
};
export const records = (dialect: Dialect) =>
  [...begun[dialect], last[dialect]].map((each) => JSON.stringify(each));
export const whole = (dialect: Dialect) =>
  dialect === "ollama"
    ? `${records(dialect).join("\n")}\n`
    : records(dialect)
        .map((each) => `data: ${each}\n\n`)
        .join("");
export const dialects = Object.keys(begun) as Dialect[];
