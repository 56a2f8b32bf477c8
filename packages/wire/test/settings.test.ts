import { UsageError } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { sendJson, serve } from "@eightfold/core/test/scratch-server";
import { chooseModel } from "@eightfold/providers";
import { expect, onTestFinished, test, vi } from "vitest";
import { dialects, type ScriptedReply, startWire, type WireOptions } from "../src/index.ts";
import { silence } from "./conformance/talk.ts";
import { tools } from "./conformance/tools.ts";

type Name = (typeof dialects)[number];

/** Models that take what they are sent here: OpenAI's own refuse sampling as soon as they reason. */
const plain: Record<Name, string> = {
  responses: "openai:gpt-4.1",
  chat: "openai:llama-4",
  anthropic: "anthropic:claude-sonnet-5-5",
  gemini: "gemini:gemini-3.8-flash",
  ollama: "ollama:qwen3:8b",
};

const hello = { conversation: [{ role: "user", text: "hello" }] } as const;
const hi: ScriptedReply = { text: "hi" };

/** What goes over the wire for one reply, and what comes of it. */
async function ask(
  dialect: Name,
  words: string,
  script: readonly ScriptedReply[] = [hi, hi, hi],
  options: WireOptions = {},
) {
  await using server = await startWire(dialect, script, options);
  const { model } = await chooseModel(words, server.env);
  const { reply } = await hear(model.stream({ ...hello, tools }, new AbortController().signal));
  const bodies = server.requests.map(({ body }) => JSON.parse(JSON.stringify(body)));
  return { body: bodies.at(-1), bodies, reply };
}

/** A field by its path: "generationConfig.topP". */
const at = (body: unknown, path: string): unknown =>
  path.split(".").reduce((value: unknown, key) => Object(value)[key], body);

type Row = readonly [flag: string, value: unknown, field: Partial<Record<Name, string>>];
const rows: readonly Row[] = [
  [
    "--temperature 0",
    0,
    {
      responses: "temperature",
      chat: "temperature",
      anthropic: "temperature",
      gemini: "generationConfig.temperature",
      ollama: "options.temperature",
    },
  ],
  [
    "--top-p 0.5",
    0.5,
    {
      responses: "top_p",
      chat: "top_p",
      anthropic: "top_p",
      gemini: "generationConfig.topP",
      ollama: "options.top_p",
    },
  ],
  [
    "--max-tokens 999",
    999,
    {
      responses: "max_output_tokens",
      chat: "max_tokens",
      anthropic: "max_tokens",
      gemini: "generationConfig.maxOutputTokens",
      ollama: "options.num_predict",
    },
  ],
  [
    "--effort low",
    "low",
    {
      responses: "reasoning.effort",
      chat: "reasoning_effort",
      anthropic: "output_config.effort",
      ollama: "think",
    },
  ],
  ["--effort low", "LOW", { gemini: "generationConfig.thinkingConfig.thinkingLevel" }],
  ["--effort none", "none", { responses: "reasoning.effort", chat: "reasoning_effort" }],
  ["--effort none", "disabled", { anthropic: "thinking.type" }],
  ["--effort none", false, { ollama: "think" }],
];

/** What has a value of ours where the user gives none: Anthropic wants to be told a limit, and a model may be asked to think. */
const ownFields: Partial<Record<Name, Record<string, unknown>>> = {
  anthropic: { max_tokens: 128_000, "thinking.type": "adaptive" },
  ollama: { think: true },
};

for (const dialect of dialects) {
  test.concurrent(`what is set is on the wire, and what is not set is absent · ${dialect}`, async () => {
    const { body: without } = await ask(dialect, plain[dialect]);
    const own = ownFields[dialect] ?? {};
    for (const [flag, value, fields] of rows) {
      const field = fields[dialect];
      if (field === undefined) continue;
      const { bodies } = await ask(dialect, `${plain[dialect]} ${flag}`);
      expect(at(bodies[0], field), flag).toBe(value);
      expect(at(without, field), `without ${flag}`).toBe(own[field]);
    }
  });
}

test.concurrent("no effort is a budget of no tokens · gemini", async () => {
  const { body } = await ask("gemini", "gemini:gemini-3.8-flash --effort none");
  expect(body.generationConfig.thinkingConfig).toEqual({ includeThoughts: true, thinkingBudget: 0 });
});

const leaveOut = (flag: string, model: string) =>
  `Leave out --${flag}. With --model ${model} alone, it is not sent.`;

test.concurrent.each([
  ["responses", "openai:gpt-6.1-sol", "temperature 0.2", "'temperature' is not supported"],
  ["responses", "openai:gpt-6.1-sol", "top-p 0.2", "'top_p' is not supported"],
  ["responses", "openai:gpt-6.1-sol", "max-tokens 3", "Invalid 'max_output_tokens'"],
  ["chat", "openai:gpt-5.4", "temperature 0.2", "'temperature' does not support 0.2"],
  ["chat", "openai:gpt-5.4", "top-p 0.2", "'top_p' does not support 0.2"],
  ["anthropic", "anthropic:claude-sonnet-5-5", "temperature 1", "temperature: Extra inputs"],
  ["anthropic", "anthropic:claude-sonnet-5-5", "top-p 0.9", "top_p: Extra inputs"],
  ["anthropic", "anthropic:claude-sonnet-5-5", "max-tokens 200000", "max_tokens: 200000 > 128000"],
  ["anthropic", "anthropic:claude-sonnet-5-5", "effort minimal", "output_config.effort: Input should be"],
  ["gemini", "gemini:gemini-3.8-flash", "effort max", "thinking_level"],
  ["gemini", "gemini:gemini-4-pro", "effort none", "Thinking budget is not supported"],
  ["ollama", "ollama:qwen3:8b", "effort minimal", "invalid think value"],
] as const)(
  "%s: a refusal quotes the service, and names the flag: %s --%s",
  async (dialect, model, flag, said) => {
    const { reply, bodies } = await ask(dialect, `${model} --${flag}`);
    expect(reply.error).toMatchObject({
      kind: "bad_request",
      hint: leaveOut(flag.split(" ")[0] ?? "", model),
    });
    expect(reply.error?.message).toContain(said);
    expect(reply.error?.message).not.toContain("\n");
    // What we add of ourselves may be left out and tried again. What was set never is.
    expect(bodies.length).toBeLessThanOrEqual(2);
  },
);

test.concurrent("a model that does not think refuses to be told how much · ollama", async () => {
  const script = [hi, hi];
  const { reply } = await ask("ollama", "ollama --effort high", script, {
    capabilities: ["completion", "tools"],
  });
  expect(reply.error?.message).toContain("does not support thinking");
  expect(reply.error?.hint).toMatch(/^Leave out --effort\./);
});

test.concurrent("thoughts that nobody asked for make way for a temperature · anthropic", async () => {
  const message = "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.";
  const said = [{ type: "text_delta", text: "hi" }, { stop_reason: "end_turn" }].map(
    (delta, index) =>
      `data: ${JSON.stringify({ type: index ? "message_delta" : "content_block_delta", delta })}\n\n`,
  );
  const server = await serve((_, response, index) =>
    index === 0
      ? sendJson(response, 400, { type: "error", error: { type: "invalid_request_error", message } })
      : response.writeHead(200).end(said.join("")),
  );
  const env = { ANTHROPIC_BASE_URL: server.url };
  const { model } = await chooseModel("anthropic:glm-6 --temperature 0 --effort high", env);
  const { reply } = await hear(model.stream(hello, new AbortController().signal));
  expect(reply.message.text).toBe("hi");
  expect(server.received.map(({ body }) => Object(body))).toMatchObject([
    { temperature: 0, output_config: { effort: "high" }, thinking: { type: "adaptive" } },
    { temperature: 0, output_config: { effort: "high" } },
  ]);
  expect(server.received[1]?.body).not.toHaveProperty("thinking");
});

test.concurrent("the old name of a limit is replaced by the new one, and never by none · chat", async () => {
  const { bodies, reply } = await ask("chat", "openai:gpt-5.4 --max-tokens 999");
  expect(reply.stop).toBe("done");
  expect(bodies.map((body) => [body.max_tokens, body.max_completion_tokens])).toEqual([
    [999, undefined],
    [undefined, 999],
  ]);
});

test.concurrent.each([
  ["demo --effort high", "The demo is a script, and has no --effort."],
  ["demo --temperature hot", "--temperature is hot, but must be a number from 0 to 2."],
  ["demo --temperature 2.1", "--temperature is 2.1, but must be a number from 0 to 2."],
  ["demo --temperature", "--temperature needs a value: --temperature 0-2"],
  ["demo --top-p=2", "--top-p is 2, but must be a number from 0 to 1."],
  ["demo --max-tokens 0", "--max-tokens is 0, but must be a whole number, 1 or more."],
  ["demo --effort hgih", "--effort is hgih, but must be one of none,"],
  ["demo --timeout 1e9", "--timeout is 1e9, but must be a number of seconds,"],
  ["demo --sauce hot", "A model has no --sauce. It has --temperature,"],
  ["--effort high", "Name the model before its flags: --model PROVIDER:NAME --effort high"],
  ["openai --host localhost", "--host is where Ollama listens, and openai has no --host."],
  ["ollama --host a@b", "--host is not an address."],
])("%s is wrong usage, in one line", async (words, message) => {
  const failed = await chooseModel(words, { OPENAI_API_KEY: "sk-1" }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(UsageError);
  expect(String(failed)).toContain(message);
  expect(String(failed)).not.toContain("\n");
});

test.concurrent("--host finds Ollama, whatever the environment prefers", async () => {
  await using server = await startWire("ollama", [hi]);
  const { model, reason } = await chooseModel({ host: server.url }, { OPENAI_API_KEY: "sk-1" });
  expect([model.provider, reason]).toEqual(["ollama", "--host says so"]);
});

// By itself, because it stops the clock.
test("a service that says nothing is given up after --timeout", async () => {
  await using server = await startWire("chat", [{ ...hi, fault: { type: "stall", at: "headers" } }, hi]);
  const { model } = await chooseModel("openai:llama-4 --timeout 7", server.env);
  const stream = model.stream(hello, new AbortController().signal);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const next = stream.next();
  await silence(server);
  vi.advanceTimersByTime(7000);
  const error = { kind: "timeout", message: expect.stringContaining("sent nothing for 7 s") };
  expect((await next).value).toMatchObject({ type: "retry", error });
});

test("with --timeout the only clock is ours: Node's fetch, which waits for 300 s at most, is not used", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("Node's fetch was used."));
  onTestFinished(() => void vi.restoreAllMocks());
  const { reply } = await ask("gemini", "gemini:gemini-3.8-flash --timeout 900");
  expect(reply.message.text).toBe("hi");
});
