import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "@eightfold/core";
import { freePort } from "@eightfold/core/test/free-port";
import { sendJson, serve } from "@eightfold/core/test/scratch-server";
import { withoutTimeLimit } from "@eightfold/core/test/without-time-limit";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseModel, inWords, modelNames } from "./choose.ts";
import type { Environment } from "./environment.ts";

/** Where no Ollama runs. */
const alone = { OLLAMA_HOST: `127.0.0.1:${await freePort()}` };

async function choice(wanted: string | undefined, env: Environment = {}) {
  const { model, reason } = await chooseModel(wanted, { ...alone, ...env });
  return [`${model.provider}:${model.name}`, reason];
}

describe("who is asked, in this order", () => {
  const all = {
    EIGHTFOLD_MODEL: "gemini:gemini-4-argon",
    OPENAI_API_KEY: "sk-1",
    GEMINI_API_KEY: "g-1",
    GOOGLE_API_KEY: "g-2",
  };
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));

  test.each([
    ["openai:gpt-6-luna", all, "openai:gpt-6-luna", "--model says so"],
    [undefined, all, "gemini:gemini-4-argon", "EIGHTFOLD_MODEL is set"],
    [undefined, without("EIGHTFOLD_MODEL"), "openai:gpt-6.1-sol", "OPENAI_API_KEY is set"],
    [
      undefined,
      without("EIGHTFOLD_MODEL", "OPENAI_API_KEY"),
      "gemini:gemini-3.8-flash",
      "GEMINI_API_KEY is set",
    ],
    [undefined, { GOOGLE_API_KEY: "g-2" }, "gemini:gemini-3.8-flash", "GOOGLE_API_KEY is set"],
  ])("--model %s, %j", async (wanted, env, name, reason) => {
    expect(await choice(wanted, env)).toEqual([name, reason]);
  });

  test("a server of one's own needs no key", async () => {
    const { url } = await serve((_, response) => sendJson(response, 200, { data: [{ id: "qwen3-8b" }] }));
    expect(await choice(undefined, { OPENAI_BASE_URL: `${url}/v1` })).toEqual([
      "openai:qwen3-8b",
      "OPENAI_BASE_URL is set",
    ]);
  });

  test("an Ollama that runs, with a model that can use tools", async () => {
    withoutTimeLimit();
    const { url } = await serve(({ path }, response) =>
      path === "/api/tags"
        ? sendJson(response, 200, { models: [{ name: "qwen3:8b", model: "qwen3:8b", size: 5e9 }] })
        : sendJson(response, 200, { capabilities: ["completion", "tools"] }),
    );
    expect(await choice(undefined, { OLLAMA_HOST: url })).toEqual([
      "ollama:qwen3:8b",
      "no API key is set, and Ollama is running",
    ]);
  });

  test("an Ollama that runs, and none of its models can use tools", async () => {
    withoutTimeLimit();
    const { url } = await serve(({ path }, response) =>
      path === "/api/tags"
        ? sendJson(response, 200, { models: [{ name: "gemma2:2b", model: "gemma2:2b", size: 2e9 }] })
        : sendJson(response, 200, { capabilities: ["completion"] }),
    );
    const [name, reason] = await choice(undefined, { OLLAMA_HOST: url });
    expect(name).toMatch(/^demo:/);
    expect(reason).toBe("no API key is set, and Ollama has no model that can use tools");
  });

  test.each(["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"])(
    "%s, after OpenAI's and before Gemini's",
    async (variable) => {
      const env = { [variable]: "k", GEMINI_API_KEY: "k" };
      expect(await choice(undefined, env)).toEqual(["anthropic:claude-sonnet-5-5", `${variable} is set`]);
      expect((await choice(undefined, { ...env, OPENAI_API_KEY: "k" }))[1]).toBe("OPENAI_API_KEY is set");
    },
  );

  test("the demo, when there is nobody else", async () => {
    const [name, reason] = await choice(undefined);
    expect(name).toMatch(/^demo:/);
    expect(reason).toBe("no API key is set, and no Ollama is running");
  });
});

test("names may hold colons and slashes, and providers may be written large", async () => {
  expect(await choice("ollama:qwen3:8b")).toEqual(["ollama:qwen3:8b", "--model says so"]);
  expect((await choice(" OpenAI:ft:gpt-6-luna:me/x ", { OPENAI_API_KEY: "sk-1" }))[0]).toBe(
    "openai:ft:gpt-6-luna:me/x",
  );
  expect((await choice("openai:", { OPENAI_API_KEY: "sk-1" }))[0]).toBe("openai:gpt-6.1-sol");
  expect((await choice("demo"))[0]).toMatch(/^demo:/);
});

test("a model and its settings can be chosen again in the same words", async () => {
  const env = { ...alone, OPENAI_API_KEY: "sk-1" };
  const words = async (wanted: Parameters<typeof chooseModel>[0]) =>
    inWords((await chooseModel(wanted, env)).model);
  expect(await words({ temperature: "0.2" })).toBe("openai:gpt-6.1-sol --temperature 0.2");
  const low = await words("openai:gpt-6-luna --effort low");
  expect(low).toBe("openai:gpt-6-luna --effort low");
  expect(await words(`${low} --timeout 9 --effort high`)).toBe("openai:gpt-6-luna --effort high --timeout 9");
  expect(await words("demo")).toBe("demo:script");
});

test("a file opens a provider of the user's own, and is given the environment, what is set, and our way to the network", async () => {
  const folder = mkdtempSync(join(tmpdir(), "eightfold-choose-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "mine.ts");
  const members = "explain: () => undefined, async *attempt(): AsyncGenerator {}";
  const name = "[env.MODEL, effort, fetch !== globalThis.fetch].join()";
  writeFileSync(
    file,
    `export default (env, { fetch, effort }) => ({ provider: "mine", name: ${name}, ${members} });`,
  );
  expect(await choice(file, { MODEL: "m-1" })).toEqual(["mine:m-1,,true", "--model says so"]);
  expect((await choice(`${file} --effort low`, { MODEL: "m-1" }))[0]).toBe("mine:m-1,low,true");
});

test("a trace of a user's own provider cannot be played: its file is not in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "eightfold-choose-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "run.jsonl");
  const lines = [
    { type: "trace", version: 1, started: "2026-11-29T00:00:00.000Z", phase: 5, title: "Shell" },
    { type: "model", model: "mine:m-1", reason: "--model says so" },
    {
      ...{ type: "request", lane: "main", id: 1, turn: 1, step: 1, attempt: 1, method: "POST" },
      ...{ url: "http://127.0.0.1:1/v1/messages", headers: {} },
    },
  ];
  writeFileSync(file, lines.map((line) => `${JSON.stringify({ t: 0, ...line })}\n`).join(""));
  await expect(choice(`replay:${file}`)).rejects.toThrow(
    /run\.jsonl was recorded with a provider of its own, "mine", and cannot be played\./,
  );
});

describe("what cannot be had is said in words for the user", () => {
  test.each<[string | undefined, Environment, RegExp]>([
    [
      "opnai:gpt-6-luna",
      {},
      /no provider "opnai".*openai, anthropic, gemini, ollama, demo, replay.\nDid you mean "openai:gpt-6-luna"\?/,
    ],
    ["Gemin", {}, /Did you mean "gemini"\?/],
    ["gpt-6-luna", {}, /Did you mean "openai:gpt-6-luna"\?/],
    ["claude-opus-5-5", {}, /Did you mean "anthropic:claude-opus-5-5"\?/],
    ["anthropic", {}, /Anthropic needs an API key.*ANTHROPIC_API_KEY=/],
    ["gemini-4-argon", {}, /Did you mean "gemini:gemini-4-argon"\?/],
    ["qwen3:8b", {}, /Did you mean "ollama:qwen3:8b"\?/],
    ["gemma3:4b", {}, /Did you mean "ollama:gemma3:4b"\?/],
    ["llama3:8b", {}, /Did you mean "ollama:llama3:8b"\?/],
    ["llama:qwen3:8b", {}, /Did you mean "ollama:qwen3:8b"\?/],
    ["claude", {}, /^There is no provider "claude"\. The providers are [a-z, ]*\.$/],
    ["./nope.ts", {}, /^There is no file \/.*\/nope\.ts\.$/],
    ["", {}, /no provider ""/],
    ["constructor", {}, /no provider "constructor"/],
    [undefined, { EIGHTFOLD_MODEL: "opnai" }, /^EIGHTFOLD_MODEL: There is no provider/],
    ["openai", {}, /OpenAI needs an API key.*OPENAI_API_KEY=/],
    ["demo:large", {}, /--model demo$/],
    ["gemini", {}, /Gemini needs an API key.*GEMINI_API_KEY=/],
    ["gemini", { GEMINI_API_KEY: "k", GOOGLE_GEMINI_BASE_URL: "zz" }, /^GOOGLE_GEMINI_BASE_URL is "zz"\./],
    ["gemini", { GEMINI_API_KEY: "k", GOOGLE_GEMINI_BASE_URL: "ftp://a.b" }, /must begin with http/],
    ["demo", { EIGHTFOLD_CONTEXT: "8k" }, /^EIGHTFOLD_CONTEXT is "8k", but must be a number of tokens/],
  ])("--model %j, %j", async (wanted, env, words) => {
    await expect(choice(wanted, env)).rejects.toThrow(UsageError);
    await expect(choice(wanted, env)).rejects.toThrow(words);
  });
});

test.each(["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "OLLAMA_API_KEY"])(
  "a key with a line break in it is never quoted on screen: %s",
  async (variable) => {
    const provider = variable.split("_")[0]?.toLowerCase().replace("google", "gemini");
    const error = await choice(`${provider}:m`, { [variable]: "sec\nret" }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(new RegExp(`${variable} holds a space, a line break`));
    expect(String(error)).not.toMatch(/sec|ret\b/);
  },
);

test.each([
  ["OPENAI_BASE_URL", "OPENAI_API_KEY"],
  ["ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"],
  ["GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY"],
])("a password in %s is not sent, and not told", async (variable, keyVariable) => {
  const provider = keyVariable.split("_")[0]?.toLowerCase();
  const env = { [variable]: "http://user:hunter2@host", [keyVariable]: "k" };
  const error = await choice(`${provider}:m`, env).catch((caught: unknown) => caught);
  expect(String(error)).toContain(`${variable} holds a password. Put the key into ${keyVariable} instead.`);
  expect(String(error)).not.toContain("hunter2");
});

describe("what may be wanted", () => {
  test("without a key and an Ollama it is the demo", async () => {
    expect(await modelNames(alone)).toEqual(["demo"]);
  });

  test("with a key it is what its provider publishes, and with an Ollama what is installed", async () => {
    withoutTimeLimit();
    const models = [{ name: "qwen3:8b" }, { name: "tiny:1b" }];
    const { url } = await serve((_, response) =>
      sendJson(response, 200, { models, capabilities: ["tools"] }),
    );
    const names = await modelNames({ OLLAMA_HOST: url, ANTHROPIC_API_KEY: "a" });
    expect(names.filter((name) => !name.startsWith("anthropic:claude-"))).toEqual([
      "ollama:qwen3:8b",
      "ollama:tiny:1b",
      "demo",
    ]);
    expect(names.length).toBeGreaterThan(3);
  });
});
