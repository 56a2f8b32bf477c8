import { readFile, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { nobody, type Received, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { chooseModel } from "../src/choose.ts";
import { type Environment, readEnvironment } from "../src/environment.ts";
import { begun, last, whole } from "./dialects.ts";
import { qwen } from "./ollama.ts";

/** Each message that docs/providers.md explains is provoked, in the words that a user sees. */

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));

type Answer = (response: ServerResponse, request: Received) => unknown;
type Name = "openai" | "responses" | "anthropic" | "gemini" | "ollama";

const environments: Record<Name, (url: string) => Environment> = {
  openai: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "sk-1" }),
  responses: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "sk-1", OPENAI_API: "responses" }),
  anthropic: (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "sk-1" }),
  gemini: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: "sk-1" }),
  ollama: (url) => ({ OLLAMA_HOST: url }),
};

/** What the user is told when a model is chosen in this environment, and then asked. */
async function told(wanted: string, env: Environment, text = "hello"): Promise<string> {
  try {
    const { model } = await chooseModel(wanted, env);
    const conversation = [{ role: "user", text } as const];
    const tools = [{ name: "read_file", description: "d", parameters: { type: "object" } }];
    const { reply } = await hear(model.stream({ conversation, tools }, new AbortController().signal));
    return [reply.error?.message, reply.error?.hint].join("\n");
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** The same, of a server that answers so. */
async function answered(name: Name, answer: Answer, more: Environment = {}, text?: string, model = ":m") {
  const server = await serve((request, response) =>
    request.path === "/api/show" ? sendJson(response, 200, qwen) : answer(response, request),
  );
  const wanted = `${name === "responses" ? "openai" : name}${model}`;
  return told(wanted, { ...environments[name](server.url), ...more }, text);
}

const refuses =
  (status: number, message: string, more: object = {}): Answer =>
  (response) =>
    sendJson(response, status, { error: { message, ...more } });
const sends =
  (body: string, headers: Record<string, string> = {}, status = 200): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);
const ends = (record: object) => sends(`data: ${JSON.stringify(record)}\n\n`);
const long = "word ".repeat(32_000);
const daily = { details: [{ violations: [{ quotaId: "RequestsPerDay" }] }] };

async function proxyThatRefuses(): Promise<string> {
  const server = createHttpServer().on("connect", (_, socket) => socket.end("HTTP/1.1 407 No\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

async function badEnvFile(): Promise<string> {
  const file = join(process.env.TMPDIR ?? "/tmp", `eightfold-${crypto.randomUUID()}.env`);
  await writeFile(file, "my key is sk-1\n");
  try {
    return String(readEnvironment(pathToFileURL(file)));
  } catch (error) {
    return String(error);
  }
}

/** Before the start, and where nobody is there. */
const settings = async () => [
  ...(await Promise.all(["openai", "anthropic", "gemini"].map((name) => told(name, {})))),
  await told("nobody:m", {}),
  await told("openai", { OPENAI_API_KEY: "a b" }),
  await told("openai:m", { OPENAI_BASE_URL: "host:1" }),
  await told("openai:m", { OPENAI_BASE_URL: "http://u:p@host" }),
  await told("openai:m", { OPENAI_BASE_URL: "http://host/v1/messages" }),
  await told("openai:m", { OPENAI_API_KEY: "k", OPENAI_API: "soap" }),
  await told("anthropic:m", { ANTHROPIC_BASE_URL: "host:1" }),
  await told("gemini:m", { GEMINI_API_KEY: "k", GOOGLE_GEMINI_BASE_URL: "host:1" }),
  await badEnvFile(),
  await answered("openai", sends('{"data":[{"id":"a"},{"id":"b"},{"id":"c"}]}'), {}, "", ""),
  await answered("openai", sends('{"data":[]}'), {}, "", ""),
  await answered("openai", refuses(500, "No."), {}, "", ""),
  await answered("ollama", sends('{"models":[]}'), {}, "", ""),
  await told("ollama:m", { OLLAMA_HOST: "a b" }),
  await told("ollama:m", { OLLAMA_HOST: "127.0.0.1", OLLAMA_CONTEXT: "x" }),
  await told("openai:m", environments.openai(await nobody())),
  await told("ollama:m", environments.ollama(await nobody())),
  await told("openai:m", { OPENAI_BASE_URL: "http://model.invalid/v1" }),
  await told("openai:m", {
    OPENAI_BASE_URL: "https://model.invalid/v1",
    HTTPS_PROXY: await proxyThatRefuses(),
  }),
  await told("openai:m", { OPENAI_BASE_URL: "http://model.invalid/v1", HTTP_PROXY: await nobody() }),
  await told("openai:m", { OPENAI_BASE_URL: (await serve(() => {})).url.replace("http:", "https:") }),
];

/** What servers refuse. */
const refusals = async () => [
  await answered("openai", refuses(404, "Not Found")),
  await answered("responses", refuses(404, "Not Found")),
  await answered("openai", sends("<html></html>", { "content-type": "text/html" })),
  await answered("openai", sends(whole("anthropic"))),
  await answered("openai", sends("", { location: "https://new.example/v1" }, 308)),
  await answered("openai", sends("hello", { "content-encoding": "gzip" })),
  await answered("openai", sends("<html><title>502 Bad Gateway</title></html>", {}, 502)),
  await answered("openai", refuses(401, "No.")),
  await answered("openai", refuses(401, "No."), { OPENAI_API_KEY: undefined }),
  await answered("gemini", refuses(400, "API key not valid. Please pass a valid API key.")),
  await answered("ollama", sends('{"error":"unauthorized"}', {}, 401)),
  await answered("openai", refuses(403, "No.")),
  await answered("ollama", sends('{"error":"this model requires a subscription"}', {}, 403)),
  await answered(
    "openai",
    refuses(404, "The model `m` does not exist or you do not have access to it.", {
      code: "model_not_found",
    }),
  ),
  await answered("gemini", refuses(404, "models/m is not found for API version v1")),
  await answered("gemini", refuses(404, "This model models/m is no longer available to new users.")),
  await answered("ollama", sends(`{"error":"model 'm' not found"}`, {}, 404)),
  await answered(
    "openai",
    refuses(429, "You exceeded your current quota, please check your plan and billing details.", {
      code: "insufficient_quota",
    }),
  ),
  await answered("gemini", refuses(429, "You exceeded your quota.", daily)),
  await answered("gemini", refuses(429, "Quota exceeded, limit: 0")),
  await answered("openai", sends('{"error":{"message":"Slow down."}}', { "retry-after": "90" }, 429)),
  await answered("ollama", sends('{"error":"you have reached your weekly usage limit"}', {}, 429)),
  await answered(
    "openai",
    refuses(
      400,
      "Function tools with reasoning_effort are not supported for m in /v1/chat/completions. Please use /v1/responses instead.",
    ),
  ),
  await answered("ollama", sends('{"error":"m does not support tools"}', {}, 400)),
  await answered("openai", refuses(400, '"auto" tool choice requires --enable-auto-tool-choice')),
  await answered("openai", refuses(500, "tools param requires --jinja flag")),
  await answered(
    "openai",
    refuses(400, "Invalid prompt: your prompt was flagged", { code: "invalid_prompt" }),
  ),
  await answered("gemini", ends({ promptFeedback: { blockReason: "SAFETY" } })),
];

/** What Anthropic refuses. */
const anthropics = async () => [
  await answered("anthropic", refuses(401, "invalid x-api-key")),
  await answered("anthropic", refuses(404, "model: m")),
  await answered("anthropic", refuses(404, "Not Found")),
  await answered("anthropic", refuses(400, "Your credit balance is too low to access the Anthropic API.")),
  await answered("anthropic", refuses(529, "Overloaded")),
  await answered("anthropic", refuses(400, "prompt is too long: 208310 tokens > 200000 maximum")),
  await answered("anthropic", refuses(400, "input length and `max_tokens` exceed context limit: 9 + 9 > 10")),
  await answered("anthropic", refuses(413, "Request exceeds the maximum size")),
  await answered(
    "anthropic",
    ends({ type: "message_delta", delta: { stop_reason: "model_context_window_exceeded" } }),
  ),
];

/** What is too long, and what breaks off. */
const breaks = async () => [
  await answered("openai", refuses(400, "This model's maximum context length is 8192 tokens")),
  await answered("openai", refuses(400, "Your input exceeds the context window of this model")),
  await answered(
    "gemini",
    refuses(400, "The input token count (2000000) exceeds the maximum number of tokens allowed"),
  ),
  await answered("openai", refuses(400, "Value out of bounds."), {}, long),
  await answered("ollama", sends('{"error":"the request exceeds the available context size"}', {}, 400)),
  await answered(
    "openai",
    sends(
      whole("chat").replace(
        '"finish_reason":"stop"}]',
        '"finish_reason":"stop"}],"usage":{"prompt_tokens":2051}',
      ),
    ),
    {},
    long,
  ),
  await answered(
    "ollama",
    sends('{"error":"model requires more system memory (9 GiB) than is available"}', {}, 500),
  ),
  await answered("ollama", sends('{"error":"model runner has unexpectedly stopped"}', {}, 500)),
  await answered("openai", ends(begun.chat[0] ?? {})),
  await answered("openai", sends(whole("chat").slice(0, -8))),
  await answered("openai", (response) => response.writeHead(200).write("data: {", () => response.destroy())),
  await answered("openai", ends(last.chat)),
  await answered("gemini", ends({ candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL" }] })),
  await answered("openai", ends({ choices: [{ delta: {}, finish_reason: "tool_calls" }] })),
  await answered("openai", ends({ choices: [{ delta: {}, finish_reason: "error" }] })),
  await answered("openai", sends("data: hello there\n\n")),
  await answered("ollama", sends('{"error":"error parsing tool call: raw"}', {}, 500)),
  await answered("openai", refuses(500, "No.")),
  await answered("openai", refuses(503, "No.")),
];

/** What is provoked where it is made. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "None of the models in Ollama can use tools by itself: …": "src/ollama/server.test.ts",
  "Ollama at … answered with something that is not JSON.": "src/ollama/errors.test.ts",
  "The model refused to answer.": "the terminal's words for a reply that is refused",
  "The reply was cut off": "the terminal's words for a reply that is cut by its length",
  "… sent nothing for 5 min.": "core's reply-abort.test.ts, with a shorter time",
  "The model wrote 4 tool calls in a row that cannot be read.": "src/text-form/index-native.test.ts",
};

/** The words in code of the first column of the tables about errors. */
async function documented(): Promise<string[]> {
  const page = await readFile(new URL("../../../docs/providers.md", import.meta.url), "utf8");
  const [, section = ""] = /^## Errors\n(.*?)^## /ms.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| (`.*?) \| /gm)].map(([, cell = ""]) => cell);
  return rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, words = ""]) => words));
}

test("each message of docs/providers.md is what a user is told", async () => {
  const all = (await Promise.all([settings(), refusals(), anthropics(), breaks()])).flat();
  const words = (await documented()).filter((each) => !(each in ELSEWHERE));
  expect(words.length).toBeGreaterThan(60);
  const unheard = words.filter((each) => {
    const form = each.replace(/\d+(?=\.$| models)|\b40(?=k)/g, "#").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return !all.some((text) =>
      new RegExp(form.replaceAll("…", ".*").replaceAll("#", "\\d+"), "s").test(text),
    );
  });
  expect(unheard, all.join("\n\n")).toEqual([]);
});
