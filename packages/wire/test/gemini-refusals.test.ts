import { afterEach, beforeEach, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { adviceOf, hello, post, readRefusal, refusalOf } from "./ask.ts";

type Json = Record<string, unknown>;

let server: WireServer;
beforeEach(async () => {
  const calls = ["a", "b"].map((id) => ({ name: "read_file", input: { path: id }, id }));
  server = await startWire("gemini", [{ calls }, { text: "fine" }]);
});
afterEach(() => server.close());

const user = { role: "user", parts: [{ text: "hello" }] };
const model = { role: "model", parts: [{ text: "hi" }] };
const thoughtSignature = "skip_thought_signature_validator";
const asks = (...ids: string[]) => ({
  role: "model",
  parts: ids.map((id, index) => ({
    functionCall: { id, name: "read_file", args: {} },
    ...(index === 0 && { thoughtSignature }),
  })),
});
const results = (...ids: string[]) => ({
  role: "user",
  parts: ids.map((id) => ({ functionResponse: { id, name: "read_file", response: { output: "42" } } })),
});
const tool = (declaration: Json) => ({ tools: [{ functionDeclarations: [declaration] }] });
const wrongCount =
  "Please ensure that the number of function response parts is equal to the number of function call parts of the " +
  "function call turn.";

test.each<[symptom: string, changes: Json, message: string]>([
  [
    "an unknown field",
    { stream: true },
    'Invalid JSON payload received. Unknown name "stream": Cannot find field.',
  ],
  ["no contents", { contents: [] }, "* GenerateContentRequest.contents: contents is not specified\n"],
  [
    "a content without parts",
    { contents: [user, { role: "model", parts: [] }, user] },
    "* GenerateContentRequest.contents[1].parts: contents.parts must not be empty.\n",
  ],
  [
    "a part without data",
    { contents: [{ role: "user", parts: [{}] }] },
    "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have one initialized field\n",
  ],
  [
    "a role of OpenAI's",
    { contents: [{ ...user, role: "assistant" }] },
    "Please use a valid role: user, model.",
  ],
  [
    "a last turn of the model",
    { contents: [user, model] },
    "Please ensure that multiturn requests end with a user role or a function response.",
  ],
  [
    "a history that starts with a call",
    { contents: [asks("a"), results("a")] },
    "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
  ],
  [
    "a response without a call",
    { contents: [user, model, results("a")] },
    "Please ensure that function response turn comes immediately after a function call turn.",
  ],
  ["one response for two calls", { contents: [user, asks("a", "b"), results("a")] }, wrongCount],
  ["text instead of responses", { contents: [user, asks("a"), user] }, wrongCount],
  [
    "a response that is a text",
    {
      contents: [
        user,
        asks("a"),
        { role: "user", parts: [{ functionResponse: { name: "read_file", response: "42" } }] },
      ],
    },
    "Invalid value at 'contents[2].parts[0].function_response.response' " +
      '(type.googleapis.com/google.protobuf.Struct), "42"',
  ],
  [
    "a field that parts do not have",
    { contents: [{ role: "user", parts: [{ text: "hi", type: "text" }] }] },
    "Invalid JSON payload received. Unknown name \"type\" at 'contents[0].parts[0]': Cannot find field.",
  ],
  [
    "two keywords that parameters do not have",
    tool({
      name: "f",
      parameters: {
        type: "object",
        $schema: "x",
        properties: { n: { type: "integer", exclusiveMinimum: 0 } },
      },
    }),
    "Invalid JSON payload received. Unknown name \"$schema\" at 'tools[0].function_declarations[0].parameters': Cannot " +
      'find field.\nInvalid JSON payload received. Unknown name "exclusiveMinimum" at ' +
      "'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.",
  ],
  [
    "a list of types in parameters",
    tool({ name: "f", parameters: { type: "object", properties: { n: { type: ["string", "null"] } } } }),
    'Invalid JSON payload received. Unknown name "type" at \'tools[0].function_declarations[0].parameters.' +
      "properties[0].value': Proto field is not repeating, cannot start list.",
  ],
  [
    "parameters that are no object",
    tool({ name: "f", parametersJsonSchema: { type: "string" } }),
    "`f` functionDeclaration `parameters` schema should be of type OBJECT.",
  ],
  [
    "a name that starts with a digit",
    tool({ name: "1st" }),
    expect.stringContaining("Invalid function name."),
  ],
  [
    "two tools of one name",
    { tools: [{ functionDeclarations: [{ name: "f" }, { name: "f" }] }] },
    "Duplicate function declaration found: f",
  ],
  [
    "a thinking level that is gone",
    { generationConfig: { thinkingConfig: { thinkingLevel: "MINIMAL" } } },
    "Thinking level MINIMAL is not supported for this model.",
  ],
  [
    "half of a surrogate pair",
    { contents: [{ role: "user", parts: [{ text: "\ud83d" }] }] },
    "Invalid JSON payload received. Encountered non UTF-8 code points.",
  ],
])("%s is refused", async (_symptom, changes, message) => {
  expect(await refusalOf(server, "gemini", changes)).toEqual({ status: 400, message });
  expect(server.requests.at(-1)?.refusal).toEqual(message);
});

test("models in preview are served by v1beta only, others by both", async () => {
  const status = async (version: string, name: string) =>
    readRefusal(
      await post(
        server,
        "gemini",
        hello.gemini,
        {},
        `/${version}/models/${name}:streamGenerateContent?alt=sse`,
      ),
    );
  expect(await status("v1", "gemini-4-argon-preview")).toEqual({
    status: 404,
    message:
      "models/gemini-4-argon-preview is not found for API version v1, or is not supported for generateContent. Call " +
      "ModelService.ListModels to see the list of available models and their supported methods.",
  });
  expect((await status("v1beta", "gemini-4-argon-preview")).status).toBe(200);
  expect((await status("v1beta", "gemini-4-argon")).status).toBe(200);
});

test("a wrong key is a bad argument, and a missing one is not permitted", async () => {
  const withKey = async (headers: Record<string, string>) =>
    readRefusal(await post(server, "gemini", hello.gemini, { headers }));
  expect(await withKey({ "x-goog-api-key": "AIzaBad" })).toEqual({
    status: 400,
    message: "API key not valid. Please pass a valid API key.",
  });
  expect(await withKey({})).toEqual({
    status: 403,
    message: expect.stringContaining("unregistered callers"),
  });
});

test("what a model takes can be asked", async () => {
  await using only = await startWire("gemini", [], { model: "gemini-4-argon", contextLength: 4096 });
  const headers = { "x-goog-api-key": only.env.GEMINI_API_KEY ?? "" };
  const found = await fetch(`${only.url}/v1/models/gemini-4-argon`, { headers });
  expect(await found.json()).toMatchObject({ name: "models/gemini-4-argon", inputTokenLimit: 4096 });
  expect((await fetch(`${only.url}/v1/models/other`, { headers })).status).toBe(404);
});

test.each<[symptom: string, changes: Json, advice: string]>([
  [
    "responses in another order",
    { contents: [user, asks("a", "b"), results("b", "a")] },
    "expected the response of read_file a, got that of read_file b",
  ],
  [
    "a keyword outside of the subset",
    tool({ name: "f", parametersJsonSchema: { type: "object", properties: { n: { const: 1 } } } }),
    'GenerateContentRequest.tools[0].function_declarations[0].parameters_json_schema.properties[n]: "const" is none of ' +
      "the documented keywords of a JSON Schema",
  ],
])("%s is taken, and advised against", async (_symptom, changes, advice) => {
  expect(await adviceOf(server, "gemini", changes)).toContain(advice);
});
