import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseModel } from "@eightfold/providers";
import { beginTurn, noteAsked, openTrace, recordEvent } from "@eightfold/trace";
import { readTrace, textOf } from "@eightfold/trace/read";
import { afterAll, beforeAll, expect, test } from "vitest";
import { goodKey as anthropicKey } from "../src/anthropic/validate.ts";
import { goodKey as geminiKey } from "../src/gemini/validate.ts";
import { type Dialect, type Script, startWire } from "../src/index.ts";
import { goodKey as openAIKey } from "../src/openai/request.ts";
import { answer, ask, hear } from "./conformance/talk.ts";

/** Quotes and slashes are written in another way in JSON and in addresses. */
const SECRET = 'my-canary"/ö-0123456789';
const QUERY = "canary-in-a-query-9876";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "eightfold-trace-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The last answer tells the key, as some services do. */
function scriptWith(key: string): Script {
  const told = [key, SECRET, encodeURIComponent(SECRET), key.slice(0, 16)].join(", ");
  const body = { error: { message: `Incorrect API key: ${told}`, code: 401 } };
  return [
    { text: "I look.", calls: [{ name: "read_file", input: { path: "README.md" } }] },
    { text: "Grüße 👋 it reads notes." },
    { fault: { type: "http", status: 401, body } },
  ];
}

/** A secret in each place of the environment that can hold one. */
function withCanaries(env: Record<string, string>): Record<string, string> {
  const addresses = Object.entries(env)
    .filter(([name]) => name.endsWith("_BASE_URL"))
    .map(([name, url]) => [name, `${url}?key=${QUERY}`]);
  return { ...env, ...Object.fromEntries(addresses), MY_SECRET: SECRET };
}

type Chosen = Awaited<ReturnType<typeof chooseModel>>;

/** Three requests: one that calls, one with the result and the key in it, and one that is refused. */
async function converse({ model }: Chosen, key: string) {
  const talk = { model, conversation: [] } as unknown as Parameters<typeof ask>[0];
  const heard = [await ask(talk, "What does it do?")];
  await answer(talk, heard[0]?.reply.message ?? { role: "assistant", text: "", toolCalls: [] });
  heard.push(await hear(talk));
  heard.push(await ask(talk, `Is it ${key}, ${SECRET} or ${Buffer.from(`u:${SECRET}`).toString("base64")}?`));
  return heard;
}

/** What each server takes. Ollama wants none. */
const KEYS: Readonly<Record<Dialect, string>> = {
  responses: openAIKey,
  chat: openAIKey,
  anthropic: anthropicKey,
  gemini: geminiKey,
  ollama: SECRET,
};

test.for(Object.keys(KEYS) as Dialect[])(
  "%s: a trace holds each body as it was sent, no key, and plays again",
  async (dialect) => {
    const key = KEYS[dialect];
    await using server = await startWire(dialect, scriptWith(key), { chunkBytes: "awkward" });
    const file = join(folder, `${dialect}.jsonl`);
    const end = openTrace(file, { phase: "5-shell", title: "Shell" });
    const chosen = await chooseModel(undefined, withCanaries(server.env));
    noteAsked("What does it do?");
    beginTurn();
    const heard = await converse(chosen, key);
    for (const event of heard.flatMap(({ events }) => events)) recordEvent(event);
    end(1);

    const text = await readFile(file, "utf8");
    const trace = readTrace(text);
    const asked = trace.exchanges.filter(({ request }) => request.step > 0);
    const sent = server.requests.map(({ raw }) => raw);
    expect(asked.slice(0, 2).map(({ body }) => body)).toEqual(sent.slice(0, 2));
    expect(asked[2]?.body?.replaceAll("*", "").length).toBeLessThan((sent[2]?.length ?? 0) - 60);
    expect(asked[2]?.body).toHaveLength(sent[2]?.length ?? 0);
    expect(asked.map(({ request }) => request.sha256 === undefined)).toEqual([false, false, true]);
    expect(asked.map(({ response }) => response?.status)).toEqual([200, 200, 401]);
    for (const { end } of asked) expect(["done", "cancelled"]).toContain(end?.how);
    expect(textOf(asked[1] as (typeof asked)[number])).toContain("👋");
    for (const part of [
      "canary",
      "0123456789",
      key.slice(0, 12),
      Buffer.from(`u:${SECRET}`).toString("base64").slice(4, 24),
    ]) {
      expect(text).not.toContain(part);
    }

    const replay = await chooseModel(`replay:${file}`, {});
    const again = await converse(replay, key);
    expect(again.map(({ reply }) => reply.message.text)).toEqual(
      heard.map(({ reply }) => reply.message.text),
    );
    expect(again[0]?.reply.message.toolCalls).toEqual(heard[0]?.reply.message.toolCalls);
    expect(again[2]?.reply.error?.kind).toBe(heard[2]?.reply.error?.kind);
    expect(again[2]?.reply.error?.status).toBe(401);
  },
);
