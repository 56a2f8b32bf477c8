import { type JsonSchema, UsageError } from "@eightfold/core";
import { sendJson, serve } from "@eightfold/core/test/scratch-server";
import { expect, test, vi } from "vitest";
import { ask } from "../../test/ask.ts";
import { chunk, geminiAt, scripted, sendChunks } from "../../test/gemini.ts";
import { openGemini } from "./index.ts";

const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;
const fine = [chunk([{ text: "ok" }], "STOP")];
const tool = (parameters: JsonSchema) => ({
  name: "t",
  description: "d",
  parameters,
});

test("the body: contents, system instruction, declarations, thoughts asked for; the key in its header", async () => {
  const { gemini, server } = await scripted([fine]);
  const parameters = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };
  await ask(gemini, { ...hello, system: "Be brief.", tools: [tool(parameters)] });
  const [sent] = server.received;
  expect(sent?.path).toBe("/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse");
  expect(sent?.headers["x-goog-api-key"]).toBe("key-1");
  expect(sent?.body).toEqual({
    contents: [{ role: "user", parts: [{ text: "Hello" }] }],
    systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
    tools: [{ functionDeclarations: [{ name: "t", description: "d", parametersJsonSchema: parameters }] }],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
  });
});

test("without tools and system, neither is sent", async () => {
  const { gemini, server } = await scripted([fine]);
  await ask(gemini, { ...hello, tools: [] });
  expect(Object.keys(server.received[0]?.body ?? {})).toEqual(["contents", "generationConfig"]);
});

test("the environment of the process changes nothing: no Vertex, no other key, not a word on the console", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.stubEnv("GOOGLE_GENAI_USE_VERTEXAI", "true");
  vi.stubEnv("GOOGLE_CLOUD_PROJECT", "p");
  vi.stubEnv("GOOGLE_API_KEY", "other-1");
  vi.stubEnv("GEMINI_API_KEY", "other-2");
  vi.stubEnv("GOOGLE_GENAI_API_VERSION", "v9");
  const { gemini, server } = await scripted([
    [chunk([{ functionCall: { name: "grep", args: {} } }], "STOP")],
  ]);
  const { reply } = await ask(gemini, hello);
  expect(reply?.stop).toBe("tool_calls");
  expect(server.received[0]?.path).toBe("/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse");
  expect(server.received[0]?.headers["x-goog-api-key"]).toBe("key-1");
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  vi.unstubAllEnvs();
});

test("without a key nothing is opened, and the error says where to get one", () => {
  expect(() => openGemini(undefined, {})).toThrow(UsageError);
  expect(() => openGemini(undefined, {})).toThrow(
    /GEMINI_API_KEY=.*\.env.*\n.*aistudio\.google\.com\/apikey/,
  );
});

test("GOOGLE_API_KEY serves too", async () => {
  const server = await serve((_, response) => sendChunks(response, fine));
  await ask(openGemini(undefined, { GOOGLE_API_KEY: "key-2", GOOGLE_GEMINI_BASE_URL: server.url }), hello);
  expect(server.received[0]?.headers["x-goog-api-key"]).toBe("key-2");
});

test("a model that v1 does not know is asked for in v1beta, and from then on only there", async () => {
  const server = await serve(({ path }, response) => {
    if (path.startsWith("/v1beta/")) return sendChunks(response, fine);
    const message = "models/gemini-4-preview is not found for API version v1, or is not supported.";
    return sendJson(response, 404, { error: { code: 404, message, status: "NOT_FOUND" } });
  });
  const gemini = geminiAt(server, "gemini-4-preview");
  expect((await ask(gemini, hello)).reply?.stop).toBe("done");
  expect((await ask(gemini, hello)).reply?.stop).toBe("done");
  expect(server.received.map(({ path }) => path.split("/")[1])).toEqual(["v1", "v1beta", "v1beta"]);
});

test("a model that does not think is asked again without thoughts", async () => {
  const server = await serve(({ body }, response) => {
    if (!JSON.stringify(body).includes("includeThoughts")) return sendChunks(response, fine);
    const message = "Thinking is not enabled for models/tiny-1";
    return sendJson(response, 400, { error: { code: 400, message, status: "INVALID_ARGUMENT" } });
  });
  const gemini = geminiAt(server, "tiny-1");
  expect((await ask(gemini, hello)).reply?.stop).toBe("done");
  expect((await ask(gemini, hello)).reply?.stop).toBe("done");
  expect(server.received).toHaveLength(3);
});

test("nothing is asked again by itself once a part of the reply was shown", async () => {
  const server = await serve((_, response) =>
    sendChunks(response, [
      chunk([{ text: "Hm" }]),
      { error: { code: 404, status: "NOT_FOUND", message: "Gone." } },
    ]),
  );
  const { deltas, error } = await ask(geminiAt(server), hello);
  expect([deltas.length, error?.status, server.received.length]).toEqual([1, 404, 1]);
});

test("models known not to think are not asked to", async () => {
  const { gemini, server } = await scripted([fine], "gemini-2.0-flash");
  await ask(gemini, hello);
  expect(server.received[0]?.body.generationConfig).toEqual({});
});

test("signatures that another key made are replaced by the sentinel; newer ones are still sent", async () => {
  const server = await serve(({ body }, response) => {
    if (!JSON.stringify(body).includes("foreign-sig")) return sendChunks(response, fine);
    const message = "Corrupted thought signature.";
    return sendJson(response, 400, { error: { code: 400, message, status: "INVALID_ARGUMENT" } });
  });
  const gemini = geminiAt(server, "m");
  const called = (id: string, thoughtSignature: string) =>
    ({
      role: "assistant",
      text: "",
      toolCalls: [{ id, name: "grep", input: {} }],
      native: {
        provider: "gemini",
        model: "m",
        data: [{ functionCall: { id, name: "grep", args: {} }, thoughtSignature }],
      },
    }) as const;
  const result = (callId: string) =>
    ({ role: "tool", callId, name: "grep", text: "none", isError: false, summary: "" }) as const;
  const old = [...hello.conversation, called("a", "foreign-sig"), result("a")];
  expect((await ask(gemini, { conversation: old })).reply?.stop).toBe("done");
  await ask(gemini, { conversation: [...old, called("b", "own-sig"), result("b")] });
  const last = JSON.stringify(server.received.at(-1)?.body);
  expect(server.received).toHaveLength(3);
  expect(last).toContain("skip_thought_signature_validator");
  expect(last).toContain("own-sig");
});

test("schemas are reduced to what Gemini documents: no keyword that refuses the whole request", async () => {
  const { gemini, server } = await scripted([fine]);
  await ask(gemini, {
    ...hello,
    tools: [
      tool({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "object",
        properties: {
          limit: { type: "integer", exclusiveMinimum: 0, maximum: 9, default: 5 },
          mode: { type: "string", const: "fast" },
          shape: { oneOf: [{ type: "string", pattern: "^x" }, { type: "null" }] },
          map: {
            type: "object",
            propertyNames: { type: "string" },
            additionalProperties: { type: "number" },
          },
          pair: { type: "array", prefixItems: [{ type: "string", minLength: 1 }], items: false },
          tree: { $ref: "#/$defs/tree", description: "dropped beside a $ref" },
        },
        required: ["limit"],
        additionalProperties: false,
        $defs: { tree: { type: "object", properties: { next: { $ref: "#/$defs/tree" } } } },
      }),
    ],
  });
  const [sent] = server.received.map(({ body }) => JSON.parse(JSON.stringify(body.tools)));
  expect(sent[0].functionDeclarations[0].parametersJsonSchema).toEqual({
    type: "object",
    properties: {
      limit: { type: "integer", minimum: 1, maximum: 9 },
      mode: { type: "string", enum: ["fast"] },
      shape: { anyOf: [{ type: "string" }, { type: "null" }] },
      map: { type: "object", additionalProperties: { type: "number" } },
      pair: { type: "array", prefixItems: [{ type: "string" }] },
      tree: { $ref: "#/$defs/tree" },
    },
    required: ["limit"],
    additionalProperties: false,
    $defs: { tree: { type: "object", properties: { next: { $ref: "#/$defs/tree" } } } },
  });
});

test.each([
  ["", "/v1/models"],
  ["/", "/v1/models"],
  ["/v1beta", "/v1beta/models"],
  ["/gateway/v1/", "/gateway/v1/models"],
])("an address that ends in %j is asked at %s", async (path, asked) => {
  const server = await serve((_, response) => sendChunks(response, fine));
  const env = { GEMINI_API_KEY: "key-1", GOOGLE_GEMINI_BASE_URL: server.url + path };
  await ask(openGemini(undefined, env), hello);
  expect(server.received[0]?.path).toMatch(new RegExp(`^${asked}/`));
});
