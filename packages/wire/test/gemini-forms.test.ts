import { afterAll, beforeAll, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { adviceOf, hello, post, readRefusal, refusalOf } from "./ask.ts";

/** The forms in which Gemini takes a request, and what it says of schemas and settings. */

type Json = Record<string, unknown>;

let server: WireServer;
beforeAll(async () => {
  server = await startWire("gemini", () => ({ text: "hi" }));
});
afterAll(() => server.close());

const user = { role: "user", parts: [{ text: "hello" }] };
const declared = (schema: Json, form = "parametersJsonSchema") => ({
  tools: [{ functionDeclarations: [{ name: "f", [form]: { type: "object", properties: schema } }] }],
});
const where = (form: string) => `* GenerateContentRequest.tools[0].function_declarations[0].${form}`;

test("a request in the other spelling is read the same", async () => {
  const snake = {
    system_instruction: { parts: [{ text: "Be brief." }] },
    contents: [
      user,
      {
        role: "model",
        parts: [
          {
            function_call: { name: "read_file", args: { old_text: "a" } },
            thought_signature: "skip_thought_signature_validator",
          },
        ],
      },
      { role: "user", parts: [{ function_response: { name: "read_file", response: { output: "42" } } }] },
    ],
    tools: [{ function_declarations: [{ name: "read_file", parameters_json_schema: { type: "object" } }] }],
    tool_config: { function_calling_config: { mode: "auto", allowed_function_names: ["read_file"] } },
    generation_config: { max_output_tokens: 100, thinking_config: { include_thoughts: true } },
  };
  expect((await readRefusal(await post(server, "gemini", snake))).message).toBe("");
  expect(server.requests.at(-1)?.view).toEqual({
    system: "Be brief.",
    messages: [
      { role: "user", text: "hello" },
      { role: "assistant", text: "", calls: [{ id: "", name: "read_file", input: { old_text: "a" } }] },
      { role: "tool", callId: "", name: "read_file", text: "42" },
    ],
    tools: [{ name: "read_file", parameters: { type: "object" } }],
  });
});

// https://github.com/googleapis/python-genai#manually-declare-and-invoke-a-function-for-function-calling
test.each(["tool", "function"])("function responses of the role %s are taken, with advice", async (role) => {
  const calls = {
    functionCall: { name: "read_file", args: {} },
    thoughtSignature: "skip_thought_signature_validator",
  };
  const response = { functionResponse: { name: "read_file", response: { output: "42" } } };
  const contents = [user, { role: "model", parts: [calls] }, { role, parts: [response] }];
  expect(await adviceOf(server, "gemini", { contents })).toEqual([
    expect.stringContaining("contents[2].role"),
  ]);
  expect(server.requests.at(-1)?.view.messages.at(-1)).toMatchObject({ role: "tool", text: "42" });
  const said = [user, { role, parts: [{ text: "hello" }] }];
  expect((await refusalOf(server, "gemini", { contents: said })).message).toMatch(/valid role/);
});

test.each(["v1", "v1beta", "v1alpha"])("the version %s is served", async (version) => {
  const path = `/${version}/models/gemini-3.8-flash:streamGenerateContent?alt=sse`;
  expect((await post(server, "gemini", hello.gemini, {}, path)).status).toBe(200);
});

test("a field that neither spelling has is refused in the spelling it came in", async () => {
  expect((await refusalOf(server, "gemini", { generation_config: { max_tokens: 5 } })).message).toBe(
    "Invalid JSON payload received. Unknown name \"max_tokens\" at 'generation_config': Cannot find field.",
  );
});

test.each<[form: string, changes: Json]>([
  ["a content without a role", { contents: [{ parts: [{ text: "hello" }] }] }],
  [
    "one content, one part and one tool instead of lists",
    { contents: { parts: { text: "hello" } }, tools: { googleSearch: {} } },
  ],
  ["fields that are null", { systemInstruction: null, generationConfig: { temperature: null } }],
  ["two user turns", { contents: [user, user] }],
  [
    "each chunk of a reply as a turn",
    {
      contents: [
        user,
        { role: "model", parts: [{ text: "h" }] },
        { role: "model", parts: [{ text: "i" }] },
        user,
      ],
    },
  ],
  [
    "code that the service ran",
    { contents: [user, { role: "model", parts: [{ executableCode: { code: "1" } }] }, user] },
  ],
  [
    "settings of the SDK",
    {
      generationConfig: {
        temperature: 2,
        topP: 1,
        responseMimeType: "application/json",
        responseJsonSchema: { type: "object" },
      },
    },
  ],
])("%s is taken", async (_form, changes) => {
  expect(await adviceOf(server, "gemini", changes)).toEqual([]);
});

test("calls in chunks of their own are one turn, and need one signature", async () => {
  const call = (name: string, more: Json = {}) => ({
    role: "model",
    parts: [{ functionCall: { name, args: {} }, ...more }],
  });
  const first = call("a", { thoughtSignature: "skip_thought_signature_validator" });
  const response = (name: string) => ({ functionResponse: { name, response: { output: "" } } });
  const contents = [user, first, call("b"), { role: "user", parts: [response("a"), response("b")] }];
  expect(await adviceOf(server, "gemini", { contents })).toEqual([]);
});

test("the key may be in the query, and a stream may be a list", async () => {
  const key = server.env.GEMINI_API_KEY;
  const path = `/v1beta/models/gemini-3.8-flash:streamGenerateContent?key=${key}`;
  const answer = await post(server, "gemini", hello.gemini, { headers: {} }, path);
  expect(answer.headers.get("content-type")).toBe("application/json");
  const responses = (await answer.json()) as { candidates: { content: { parts: { text: string }[] } }[] }[];
  expect(responses.map(({ candidates }) => candidates[0]?.content.parts[0]?.text).join("")).toBe("hi");
  const wrong = await post(
    server,
    "gemini",
    hello.gemini,
    { headers: {} },
    path.replace(/key=.*/, "key=AIzaBad"),
  );
  expect((await readRefusal(wrong)).message).toBe("API key not valid. Please pass a valid API key.");
});

test.each(["parametersJsonSchema", "parameters"])(
  "%s are refused with arrays without items, and required names that are none",
  async (form) => {
    const path = where(form === "parameters" ? "parameters" : "parameters_json_schema");
    const ask = async (schema: Json) => (await refusalOf(server, "gemini", declared(schema, form))).message;
    expect(await ask({ x: { type: "array" } })).toBe(`${path}.properties[x].items: missing field.\n`);
    expect(await ask({ x: { type: "array", items: { type: "array" } } })).toBe(
      `${path}.properties[x].items.items: missing field.\n`,
    );
    const object = { type: "object", properties: { y: { type: "string" } }, required: ["y", "z"] };
    expect(await ask({ x: object })).toBe(`${path}.properties[x].required[1]: property is not defined\n`);
    expect(await ask({ x: { type: "array", items: { type: "string" } } })).toBe("");
  },
);

test.each<[symptom: string, changes: Json, message: string]>([
  [
    "a property of the type text",
    declared({ x: { type: "text" } }, "parameters"),
    "Invalid value at 'tools[0].function_declarations[0].parameters.properties[0].value.type' " +
      '(type.googleapis.com/google.ai.generativelanguage.v1beta.Type), "text"',
  ],
  [
    "a JSON Schema with the type text",
    declared({ x: { type: "text" } }),
    `${where("parameters_json_schema")}.properties[x].type: unknown type\n`,
  ],
  [
    "an object without properties in OpenAPI's form",
    declared({ x: { type: "OBJECT" } }, "parameters"),
    `${where("parameters")}.properties[x].properties: should be non-empty for OBJECT type\n`,
  ],
  [
    "a system instruction that is a text",
    { systemInstruction: "Be brief." },
    "Invalid value at 'system_instruction' (type.googleapis.com/google.ai.generativelanguage.v1beta.Content), " +
      '"Be brief."',
  ],
  [
    "a mode that does not exist",
    { toolConfig: { functionCallingConfig: { mode: "always" } } },
    "Invalid value at 'tool_config.function_calling_config.mode' " +
      '(type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), "always"',
  ],
  [
    "a temperature of 9",
    { generationConfig: { temperature: 9 } },
    "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n",
  ],
  [
    "a role of OpenAI's",
    { contents: [user, { role: "assistant", parts: [{ text: "hi" }] }, user] },
    "Please use a valid role: user, model.",
  ],
  [
    "six stop sequences",
    { generationConfig: { stopSequences: ["a", "b", "c", "d", "e", "f"] } },
    "* GenerateContentRequest.generation_config.stop_sequences: the number of stop_sequences must not exceed 5.\n",
  ],
  [
    "a tool's name that comes twice",
    { tools: [{ functionDeclarations: [{ name: "f" }] }, { functionDeclarations: [{ name: "f" }] }] },
    "Duplicate function declaration found: f",
  ],
])("%s is refused", async (_symptom, changes, message) => {
  expect(await refusalOf(server, "gemini", changes)).toEqual({ status: 400, message });
});
