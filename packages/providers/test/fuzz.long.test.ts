import type { ServerResponse } from "node:http";
import { type AssistantMessage, ModelFailure, modelOf } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { type Received, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { withTextForm } from "../src/text-form/index.ts";
import { KEY, refusal, type Service, services, variants } from "./fuzz-services.ts";

/** Every field of what servers send is missing, null, of each other type, and nested once more, one at a time. */

const words =
  /object Object|undefined|\bnull\b|NaN|is not (iterable|a function)|Cannot (read|convert|destructure|set)|Unexpected (token|end|non-white)|TypeError|SyntaxError|RangeError|This is a bug| failed: /;
const tools = [
  {
    name: "read_file",
    description: "d",
    parameters: {
      type: "object",
      properties: { path: { type: "string" } },
      required: ["path"],
    },
  },
];

/** Asks once, through everything, and looks at all that could reach a user, a session or the next request. */
async function expectSound(service: Service, url: string, what: string): Promise<void> {
  const stop = new AbortController();
  const provider = withTextForm(await service.open(url));
  const conversation = [{ role: "user", text: "hello" }] as const;
  const stream = modelOf(provider).stream({ conversation, tools }, stop.signal);
  // The first failure tells: there is no need to see it five times.
  const { events: heard, reply } = await hear(stream, (event) => event.type === "retry" && stop.abort());
  const errors = [reply.error, ...heard.map((event) => (event.type === "retry" ? event.error : undefined))];
  const told = errors.flatMap((error) => (error ? [error.message, error.hint ?? ""] : []));
  expect(told.join("\n"), what).not.toMatch(words);
  expect(JSON.stringify([heard, reply]), what).not.toContain(KEY.slice(0, 12));
  const { message } = reply;
  expect([typeof message.text, typeof (message.reasoning ?? "")], what).toEqual(["string", "string"]);
  expect(`${message.text}${message.reasoning ?? ""}`, what).not.toContain("[object Object]");
  for (const { id, name, input, invalid = "" } of message.toolCalls) {
    expect([typeof id, typeof name, typeof input, Array.isArray(input)], what).toEqual([
      "string",
      "string",
      "object",
      false,
    ]);
    expect(invalid, what).not.toMatch(words);
  }
  for (const count of Object.values(reply.usage)) expect(count, what).toBeTypeOf("number");
  await expectReadable(service, url, message, what);
}

/** What was kept of a reply can be sent again, whatever it was. */
async function expectReadable(
  service: Service,
  url: string,
  said: AssistantMessage,
  what: string,
): Promise<void> {
  const provider = await service.open(url);
  const results = said.toolCalls.map(({ id: callId, name }) => {
    return { role: "tool", callId, name, text: "42", isError: false, summary: "" } as const;
  });
  const conversation = [{ role: "user", text: "hello" } as const, said, ...results];
  const attempt = provider.attempt(
    { conversation, tools },
    { signal: new AbortController().signal, alive() {} },
  );
  const error = await attempt.next().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  await attempt.return({} as never).catch(() => {});
  const known = error === undefined || error instanceof ModelFailure || provider.explain(error) !== undefined;
  expect(known ? "" : String(error), what).toBe("");
}

/** What the server answers now. */
interface Now {
  status: number;
  body: string;
  others: Readonly<Record<string, unknown>>;
}

async function scene() {
  const now: Now = { status: 200, body: "", others: {} };
  const consoles = (["log", "warn", "error"] as const).map((name) => ({ name, was: console[name] }));
  for (const { name } of consoles) console[name] = (...said) => expect.fail(`console: ${said.join(" ")}`);
  onTestFinished(() => {
    for (const { name, was } of consoles) console[name] = was;
  });
  const { url } = await serve(({ path }: Received, response: ServerResponse) =>
    path in now.others
      ? sendJson(response, 200, now.others[path])
      : response.writeHead(now.status).end(now.body),
  );
  return { url, now };
}

describe.each(Object.entries(services))("%s", (_, service) => {
  test("no shape of a stream breaks a reply, or is shown as a program sees it", async () => {
    const { url, now } = await scene();
    for (const records of service.streams) {
      for (const [at, record] of records.entries()) {
        for (const other of variants(record)) {
          Object.assign(now, {
            status: 200,
            body: service.write(records.with(at, other ?? null)),
            others: service.others ?? {},
          });
          await expectSound(service, url, JSON.stringify(other));
        }
      }
    }
  });

  test("no shape of an error does, as an answer or inside a stream", async () => {
    const { url, now } = await scene();
    for (const other of variants(refusal)) {
      for (const status of [400, 503]) {
        Object.assign(now, { status, body: JSON.stringify(other) ?? "", others: service.others ?? {} });
        await expectSound(service, url, `${status} ${now.body}`);
      }
      Object.assign(now, {
        status: 200,
        body: service.write([service.streams[0]?.[0] ?? null, other ?? null]),
      });
      await expectSound(service, url, `200 ${now.body}`);
    }
  });

  test("no cut of a stream counts as done with half a call", async () => {
    const { url, now } = await scene();
    const whole = service.write(service.streams[0] ?? []);
    for (let length = 0; length < whole.length; length += 3) {
      Object.assign(now, { status: 200, body: whole.slice(0, length), others: service.others ?? {} });
      await expectSound(service, url, whole.slice(0, length));
    }
  });
});

test("no shape of Ollama's description of a model breaks a reply, or is shown as a program sees it", async () => {
  const { ollama } = services;
  const { url, now } = await scene();
  for (const [path, body] of Object.entries(ollama?.others ?? {})) {
    for (const other of variants(body)) {
      const others = { [path]: other ?? null };
      Object.assign(now, { body: ollama?.write(ollama.streams[0] ?? []), others });
      if (ollama) await expectSound(ollama, url, JSON.stringify(other));
    }
  }
});
