import type { Request } from "./row.ts";

const u = (...parts: unknown[]) => ({ contents: [{ role: "user", parts }] });
const gc = (more: object) => ({ generationConfig: more });
const call = (more = {}, part = {}) => ({
  functionCall: { name: "read_file", args: {}, ...more },
  thoughtSignature: "skip_thought_signature_validator",
  ...part,
});
const res = (r: unknown, c: unknown = call()) => ({
  contents: [
    { role: "user", parts: [{ text: "go" }] },
    { role: "model", parts: [c] },
    { role: "user", parts: [r] },
  ],
});
const fr = (more = {}) => ({ functionResponse: { name: "read_file", response: { output: "x" }, ...more } });
const decl = (more: object) => ({
  tools: [{ functionDeclarations: [{ name: "f", description: "d", ...more }] }],
});
const px = "iVBORw0KGgo=";
const whole = { path: "/v1beta/models/gemini-3.8-flash:generateContent" };
/** What Gemini takes and refuses, by the types of its SDK and its documented rules. */
export const gemini: readonly Request[] = [
  ["text", u({ text: "hi" }), "taken"],
  ["inlineData", u({ inlineData: { mimeType: "image/png", data: px } }), "taken"],
  ["inline_data", u({ inline_data: { mime_type: "image/png", data: px } }), "taken"],
  [
    "inlineData not base64",
    u({ inlineData: { mimeType: "image/png", data: "***" } }),
    /Base64 decoding failed/,
  ],
  [
    "inlineData unknown field",
    u({ inlineData: { mimeType: "image/png", data: px, name: "x", foo: 1 } }),
    /Unknown name "foo"/,
  ],
  ["fileData", u({ fileData: { fileUri: "https://x/f", mimeType: "text/plain" } }), "taken"],
  ["fileData wrong", u({ fileData: { uri: "https://x/f" } }), /Unknown name "uri"/],
  ["text number", u({ text: 5 }), /Invalid value at 'contents\[0\]\.parts\[0\]\.text' \(TYPE_STRING\), 5/],
  ["text bool", u({ text: true }), "refused"],
  ["two data", u({ text: "a", inlineData: { mimeType: "image/png", data: px } }), /oneof/],
  ["part string", { contents: [{ role: "user", parts: ["hi"] }] }, "refused"],
  ["parts one object", { contents: [{ role: "user", parts: { text: "hi" } }] }, "taken"],
  ["contents one object", { contents: { role: "user", parts: [{ text: "hi" }] } }, "taken"],
  ["contents string", { contents: "hi" }, "refused"],
  ["role USER", { contents: [{ role: "USER", parts: [{ text: "hi" }] }] }, "refused"],
  ["role assistant", { contents: [{ role: "assistant", parts: [{ text: "hi" }] }] }, "refused"],
  ["role system", { contents: [{ role: "system", parts: [{ text: "hi" }] }] }, "refused"],
  ["role number", { contents: [{ role: 5, parts: [{ text: "hi" }] }] }, "refused"],
  ["role absent", { contents: [{ parts: [{ text: "hi" }] }] }, "taken"],
  ["thought part", u({ text: "x", thought: true }), "taken"],
  ["thought word", u({ text: "x", thought: "yes" }), /thought/],
  ["signature not base64", res(fr(), call({}, { thoughtSignature: "§§" })), "refused"],
  ["openai content field", { contents: [{ role: "user", content: "hi" }] }, /Unknown name "content"/],
  ["system string", { systemInstruction: "Be brief." }, "refused"],
  ["system no role", { systemInstruction: { parts: [{ text: "x" }] } }, "taken"],
  [
    "system_instruction",
    { systemInstruction: undefined, system_instruction: { parts: [{ text: "x" }] } },
    "taken",
  ],
  ["system null", { systemInstruction: null }, "taken"],
  ["maxOutputTokens", gc({ maxOutputTokens: 100 }), "taken"],
  ["maxOutputTokens string", gc({ maxOutputTokens: "100" }), "taken"],
  ["maxOutputTokens float string", gc({ maxOutputTokens: "1.5" }), "refused"],
  ["maxOutputTokens 1e2", gc({ maxOutputTokens: 1e2 }), "taken"],
  ["maxOutputTokens 1.5", gc({ maxOutputTokens: 1.5 }), /max_output_tokens' \(TYPE_INT32\), 1\.5/],
  ["maxOutputTokens 0", gc({ maxOutputTokens: 0 }), "refused"],
  ["temperature string", gc({ temperature: "0.5" }), "taken"],
  ["temperature word", gc({ temperature: "hot" }), /TYPE_FLOAT/],
  ["temperature 2.5", gc({ temperature: 2.5 }), "refused"],
  ["topK", gc({ topK: 40 }), "taken"],
  ["topK 0", gc({ topK: 0 }), "refused"],
  ["candidateCount 1", gc({ candidateCount: 1 }), "taken"],
  ["candidateCount 0", gc({ candidateCount: 0 }), "refused"],
  ["stopSequences string", gc({ stopSequences: "END" }), "taken"],
  ["stopSequences number", gc({ stopSequences: [5] }), "refused"],
  ["seed", gc({ seed: 5 }), "taken"],
  ["json mime", gc({ responseMimeType: "application/json" }), "taken"],
  [
    "schema with mime",
    gc({
      responseMimeType: "application/json",
      responseSchema: { type: "OBJECT", properties: { a: { type: "STRING" } } },
    }),
    "taken",
  ],
  [
    "schema lower",
    gc({
      responseMimeType: "application/json",
      responseSchema: { type: "object", properties: { a: { type: "string" } } },
    }),
    "taken",
  ],
  ["modalities", gc({ responseModalities: ["TEXT"] }), "taken"],
  ["modalities wrong", gc({ responseModalities: ["SMELL"] }), "refused"],
  ["unknown config", gc({ max_tokens: 5 }), /Unknown name "max_tokens" at 'generation_config'/],
  ["openai temperature at root", { temperature: 1 }, /Unknown name "temperature"/],
  ["model in body", { model: "models/gemini-3.8-flash" }, "taken"],
  ["thinking budget", gc({ thinkingConfig: { thinkingBudget: 128 } }), "taken"],
  ["thinking budget -1", gc({ thinkingConfig: { thinkingBudget: -1 } }), "taken"],
  ["thinking budget word", gc({ thinkingConfig: { thinkingBudget: "much" } }), "refused"],
  ["includeThoughts word", gc({ thinkingConfig: { includeThoughts: "yes" } }), "refused"],
  ["thinking_level low", gc({ thinking_config: { thinking_level: "low" } }), "taken"],
  ["thinking level enum int", gc({ thinkingConfig: { thinkingLevel: 1 } }), "taken"],
  [
    "safety",
    { safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }] },
    "taken",
  ],
  [
    "safety wrong category",
    { safetySettings: [{ category: "HARM_RUDE", threshold: "BLOCK_NONE" }] },
    "refused",
  ],
  [
    "safety wrong threshold",
    { safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "NEVER" }] },
    "refused",
  ],
  ["safety extra", { safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", method: "x" }] }, "refused"],
  ["config AUTO", { toolConfig: { functionCallingConfig: { mode: "AUTO" } } }, "taken"],
  [
    "config ANY names",
    { toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["read_file"] } } },
    "taken",
  ],
  ["config mode int", { toolConfig: { functionCallingConfig: { mode: 1 } } }, "taken"],
  ["config mode REQUIRED", { toolConfig: { functionCallingConfig: { mode: "REQUIRED" } } }, "refused"],
  ["tool_choice", { tool_choice: "auto" }, "refused"],
  ["search tool", { tools: [{ googleSearch: {} }] }, "taken"],
  ["code tool", { tools: [{ code_execution: {} }] }, "taken"],
  ["tool unknown", { tools: [{ function: {} }] }, "refused"],
  ["tools one object", { tools: { functionDeclarations: [{ name: "f" }] } }, "taken"],
  ["decl no params", decl({}), "taken"],
  ["decl name number", decl({ name: 5 }), "refused"],
  ["decl name dashes dots", decl({ name: "a.b-c:d" }), "taken"],
  ["decl name digit first", decl({ name: "1a" }), "refused"],
  ["decl name 129", decl({ name: "a".repeat(129) }), "refused"],
  ["decl description missing", { tools: [{ functionDeclarations: [{ name: "f" }] }] }, "taken"],
  [
    "decl additionalProperties",
    decl({
      parameters: { type: "OBJECT", properties: { a: { type: "STRING" } }, additionalProperties: false },
    }),
    "refused",
  ],
  ["decl $ref", decl({ parameters: { type: "OBJECT", properties: { a: { $ref: "#/x" } } } }), "refused"],
  ["decl type list", decl({ parameters: { type: ["OBJECT", "NULL"], properties: {} } }), "refused"],
  [
    "decl nullable",
    decl({
      parameters: {
        type: "OBJECT",
        properties: { a: { type: "STRING", nullable: true, format: "enum", enum: ["x"] } },
      },
    }),
    "taken",
  ],
  [
    "decl enum numbers",
    decl({ parameters: { type: "OBJECT", properties: { a: { type: "INTEGER", enum: [1, 2] } } } }),
    /TYPE_STRING/,
  ],
  [
    "decl minItems string",
    decl({
      parameters: {
        type: "OBJECT",
        properties: { a: { type: "ARRAY", items: { type: "STRING" }, minItems: "1" } },
      },
    }),
    "taken",
  ],
  [
    "decl required string",
    decl({ parameters: { type: "OBJECT", properties: { a: { type: "STRING" } }, required: "a" } }),
    "taken",
  ],
  [
    "json schema anything",
    decl({
      parametersJsonSchema: {
        type: "object",
        properties: { a: { type: "string", pattern: "x" } },
        additionalProperties: false,
      },
    }),
    "taken",
  ],
  ["call args string", res(fr(), call({ args: "{}" })), "refused"],
  ["call args null", res(fr(), call({ args: null })), "taken"],
  ["call no name", res(fr(), call({ name: undefined })), "refused"],
  ["call openai arguments", res(fr(), { functionCall: { name: "read_file", arguments: "{}" } }), "refused"],
  ["response ok", res(fr()), "taken"],
  ["response string", res(fr({ response: "x" })), "refused"],
  ["response list", res(fr({ response: ["x"] })), "refused"],
  ["response no name", res({ functionResponse: { response: {} } }), "refused"],
  ["response missing response", res({ functionResponse: { name: "read_file" } }), "refused"],
  ["response extra", res(fr({ content: "x" })), "refused"],
  [
    "responses too many",
    {
      contents: [
        { role: "user", parts: [{ text: "go" }] },
        { role: "model", parts: [call()] },
        { role: "user", parts: [fr(), fr()] },
      ],
    },
    "refused",
  ],
  ["no key", {}, "refused", { init: { headers: {} } }],
  ["whole v1beta", {}, "taken", whole],
  ["preview on v1", {}, "refused", { path: "/v1/models/gemini-4-preview:generateContent" }],
  [
    "cachedContent",
    { cachedContent: "cachedContents/x", systemInstruction: undefined, tools: undefined },
    "taken",
  ],
  ["labels", { labels: { a: "b" } }, "taken"],
  ["array body", "[]", "refused"],
];
