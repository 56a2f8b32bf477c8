import { afterEach, describe, expect, test } from "vitest";
import { type Dialect, type ScriptedReply, startWire, type WireServer } from "../src/index.ts";
import { hello, post, readRefusal, refusalOf } from "./ask.ts";

/** Who asks for no thoughts, and has a model that does not think by itself, gets none. */

let server: WireServer;
afterEach(() => server.close());

const reply: ScriptedReply = { reasoning: "Hm, a file.", text: "I look." };

/** What is told of the thoughts to a changed "hello": all, a sign that there were some, or nothing. */
async function told(dialect: Dialect, changes: Record<string, unknown>): Promise<string> {
  server = await startWire(dialect, [reply]);
  const path = dialect === "gemini" ? "/v1/models/gemini-3.8-flash:generateContent" : undefined;
  const streamed = dialect === "gemini" ? {} : { stream: false };
  const answer = await post(server, dialect, { ...hello[dialect], ...streamed, ...changes }, {}, path);
  const said = await answer.text();
  if (answer.status !== 200) return said;
  if (said.includes("Hm, a file.")) return "all";
  return /"(thinking|reasoning)"(?!:\{)/.test(said) ? "a sign" : "nothing";
}

const adaptive = { type: "adaptive" };
const enabled = { type: "enabled", budget_tokens: 1024 };
const disabled = { type: "disabled" };
const summarized = { ...adaptive, display: "summarized" };
const omitted = { ...enabled, display: "omitted" };
const claude = (model: string, thinking?: object) => ({ model, thinking });
const effort = (value: string) => ({ reasoning: { effort: value, summary: "auto" } });

describe("thoughts are told to those who ask, by models that think:", () => {
  test.each<[Dialect, string, Record<string, unknown>, string]>([
    ["anthropic", "always", claude("claude-opus-5-5"), "a sign"],
    ["anthropic", "always, and told", claude("claude-opus-5-5", summarized), "all"],
    ["anthropic", "by default", claude("claude-sonnet-5-5"), "a sign"],
    ["anthropic", "by default", claude("claude-haiku-5-5"), "a sign"],
    ["anthropic", "not up front", claude("claude-sonnet-5-5", { type: "between_tools" }), "nothing"],
    ["anthropic", "not when told so", claude("claude-haiku-5-5", disabled), "nothing"],
    ["anthropic", "only when asked", claude("claude-opus-4-8"), "nothing"],
    ["anthropic", "when asked", claude("claude-opus-4-8", adaptive), "a sign"],
    ["anthropic", "only when asked", claude("claude-sonnet-4-6"), "nothing"],
    ["anthropic", "aloud up to 4.6", claude("claude-sonnet-4-6", adaptive), "all"],
    ["anthropic", "aloud up to 4.6", claude("claude-haiku-4-5", enabled), "all"],
    ["anthropic", "not aloud when told so", claude("claude-haiku-4-5", omitted), "a sign"],
    ["anthropic", "only when asked", claude("claude-haiku-4-5-20251001"), "nothing"],
    ["anthropic", "of a server that imitates it, only when asked", claude("local-model"), "nothing"],
    ["anthropic", "of a server that imitates it", claude("local-model", enabled), "all"],
    ["anthropic", "of a server that imitates it", claude("local-model", adaptive), "all"],
    ["responses", "and a summary is asked for", {}, "all"],
    ["responses", "and no summary is asked for", { reasoning: {} }, "a sign"],
    ["responses", "not when told so", effort("none"), "nothing"],
    ["responses", "which gpt-4.1 does not", { model: "gpt-4.1" }, "nothing"],
    ["responses", "of a server that imitates it", { model: "local-model" }, "all"],
    ["chat", "of a compatible server", {}, "all"],
    ["chat", "not when told so", { reasoning_effort: "none" }, "nothing"],
    ["chat", "and OpenAI never tells here", { model: "gpt-5.4" }, "nothing"],
    ["gemini", "and thoughts are asked for", {}, "all"],
    ["gemini", "and nothing is asked for", { generationConfig: {} }, "nothing"],
    [
      "gemini",
      "for no token",
      { generationConfig: { thinkingConfig: { includeThoughts: true, thinkingBudget: 0 } } },
      "nothing",
    ],
    ["ollama", "by default", {}, "all"],
    ["ollama", "not when told so", { think: false }, "nothing"],
  ])("%s, %s: %j", async (dialect, _, changes, expected) => {
    expect(await told(dialect, changes)).toBe(expected);
  });
});

test("between calls, and only there, where the request says so", async () => {
  const ask = {
    ...hello.anthropic,
    ...claude("claude-sonnet-5-5", { type: "between_tools" }),
    stream: false,
  };
  const calls = [{ id: "toolu_a", name: "read_file", input: {} }];
  server = await startWire("anthropic", [{ ...reply, calls }, reply]);
  const { content } = JSON.parse(await (await post(server, "anthropic", ask)).text());
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_a", content: "x" }] };
  const called = content.map(({ caller: _, ...block }: { caller?: unknown }) => block);
  const messages = [{ role: "user", content: "hello" }, { role: "assistant", content: called }, result];
  const after = JSON.parse(await (await post(server, "anthropic", { ...ask, messages })).text());
  expect([content, after.content]).toMatchObject([
    [{ type: "text" }, { type: "tool_use" }],
    [{ type: "thinking", thinking: "" }, { type: "text" }],
  ]);
});

/** Calls, and comes back with the call alone, as agents do that were given no thought. */
async function withoutThoughts(changes: Record<string, unknown>) {
  const calls = [{ id: "toolu_a", name: "read_file", input: {} }];
  server = await startWire("anthropic", [{ ...reply, calls }, { text: "fine" }]);
  const ask = { ...hello.anthropic, max_tokens: 2000, stream: false, ...changes };
  await post(server, "anthropic", ask);
  const messages = [
    { role: "user", content: "hello" },
    { role: "assistant", content: [{ type: "tool_use", ...calls[0] }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_a", content: "x" }] },
  ];
  const { message } = await readRefusal(await post(server, "anthropic", { ...ask, messages }));
  return [message, server.requests.at(-1)?.advice];
}

describe("a call that comes back without its thoughts", () => {
  const lost = ["messages.1: the thoughts that led to toolu_a are left out, and the model thinks anew"];
  test.each<[string, Record<string, unknown>, unknown]>([
    ["had none", claude("local-model"), []],
    ["had none", claude("claude-opus-4-8"), []],
    ["is taken, and worse, where thinking is adaptive", claude("claude-opus-4-8", adaptive), lost],
    ["is taken, and worse, where thinking is adaptive", claude("claude-opus-5-5"), lost],
  ])("%s: %j", async (_, changes, advice) => {
    expect(await withoutThoughts(changes)).toEqual(["", advice]);
  });

  test("is refused where thinking has a budget", async () => {
    const [message] = await withoutThoughts(claude("claude-haiku-4-5", enabled));
    expect(message).toContain("Expected `thinking` or `redacted_thinking`, but found `tool_use`");
  });
});

const high = (thinking: object) => ({ thinking, output_config: { effort: "xhigh" } });
const forced = { tool_choice: { type: "any" } };
const noForce = 'tool_choice: type "tool" and "any" are not supported for this model.';
const use = 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
const notWithout =
  "output_config.effort 'xhigh' is not supported when thinking is disabled on this model. Use effort 'high' or below, " +
  "or enable thinking.";

describe("each model of Anthropic's thinks in its own way:", () => {
  test.each<[string, string, Record<string, unknown>]>([
    [
      "claude-opus-5-5",
      `"thinking.type.disabled" is not supported for this model. ${use}`,
      { thinking: disabled },
    ],
    [
      "claude-fable-5-2",
      `"thinking.type.disabled" is not supported for this model. ${use}`,
      { thinking: disabled },
    ],
    ["claude-sonnet-5-5", '"thinking.type.disabled" is not supported', { thinking: disabled }],
    ["claude-sonnet-5-5", 'Use "thinking.type.between_tools" for the lowest', { thinking: disabled }],
    [
      "claude-opus-5-5",
      '"thinking.type.between_tools" is not supported',
      { thinking: { type: "between_tools" } },
    ],
    [
      "claude-opus-4-8",
      `"thinking.type.enabled" is not supported for this model. ${use}`,
      { thinking: enabled },
    ],
    ["claude-haiku-4-5", "adaptive thinking is not supported on this model", { thinking: adaptive }],
    ["claude-haiku-5-5", notWithout, high(disabled)],
    ["claude-opus-5", notWithout, high(disabled)],
    ["claude-sonnet-5-5", notWithout, high({ type: "between_tools" })],
    ["claude-sonnet-5", "", high(disabled)],
    ["claude-opus-4-8", "", high(disabled)],
    ["claude-opus-5-5", noForce, forced],
    ["claude-sonnet-5-5", noForce, { ...forced, thinking: undefined }],
    ["claude-fable-5-2", noForce, forced],
    ["claude-opus-5", "", forced],
    ["claude-opus-4-8", "", forced],
    ["local-model", "", forced],
    [
      "claude-sonnet-4-5",
      "Thinking may not be enabled when tool_choice forces tool use.",
      { ...forced, thinking: enabled },
    ],
    [
      "claude-opus-5-5",
      "thinking.adaptive.display: Input should be",
      { thinking: { ...adaptive, display: "all" } },
    ],
    ["claude-opus-5-5", "", { thinking: { ...adaptive, display: null } }],
    [
      "claude-haiku-4-5",
      "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5",
      { thinking: disabled, max_tokens: 64_001 },
    ],
  ])("%s · %s", async (model, message, changes) => {
    server = await startWire("anthropic", [{ text: "hi" }]);
    const said = (await refusalOf(server, "anthropic", { max_tokens: 2000, model, ...changes })).message;
    if (message === "") expect(said).toBe("");
    else expect(said).toContain(message);
  });

  test("up to 4.5 an answer may be begun, and not with a space at its end", async () => {
    server = await startWire("anthropic", () => ({ text: "hi" }));
    const begun = (model: string, content: string) =>
      refusalOf(server, "anthropic", {
        ...claude(model),
        max_tokens: 99,
        messages: [
          { role: "user", content: "hello" },
          { role: "assistant", content },
        ],
      });
    expect(await begun("claude-haiku-4-5", "So")).toEqual({ status: 200, message: "" });
    expect((await begun("claude-haiku-4-5", "So ")).message).toContain("cannot end with trailing whitespace");
    expect((await begun("claude-sonnet-4-6", "So")).message).toContain(
      "does not support assistant message prefill",
    );
    expect((await begun("claude-opus-5-5", "So")).message).toContain(
      "does not support assistant message prefill",
    );
  });
});
