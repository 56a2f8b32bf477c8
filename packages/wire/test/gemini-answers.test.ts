import { type Content, GoogleGenAI, type Part } from "@google/genai";
import { afterEach, describe, expect, test } from "vitest";
import { type Script, startWire, type WireOptions, type WireServer } from "../src/index.ts";

const parametersJsonSchema = {
  type: "object",
  properties: { path: { type: "string" } },
  required: ["path"],
};
const functionDeclarations = [{ name: "read_file", description: "Reads.", parametersJsonSchema }];

let server: WireServer | undefined;
afterEach(() => server?.close());

async function client(script: Script, options?: WireOptions): Promise<GoogleGenAI> {
  server = await startWire("gemini", script, options);
  const { GEMINI_API_KEY: apiKey = "", GOOGLE_GEMINI_BASE_URL: baseUrl = "" } = server.env;
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
}

/** All parts of a reply in order, its last finish reason and its usage. */
async function ask(gemini: GoogleGenAI, contents: Content[]) {
  const stream = await gemini.models.generateContentStream({
    model: "gemini-3.8-flash",
    contents,
    config: {
      systemInstruction: "Be brief.",
      tools: [{ functionDeclarations }],
      thinkingConfig: { includeThoughts: true },
      automaticContinuation: false,
    },
  });
  const parts: Part[] = [];
  let finish: string | undefined;
  let usage = {};
  for await (const { candidates, usageMetadata } of stream) {
    parts.push(...(candidates?.[0]?.content?.parts ?? []));
    finish = candidates?.[0]?.finishReason ?? finish;
    usage = usageMetadata ?? usage;
  }
  return { parts, finish, usage };
}

const textOf = (parts: Part[]) => parts.map(({ text, thought }) => (thought ? "" : (text ?? ""))).join("");

const hello: Content[] = [{ role: "user", parts: [{ text: "hello" }] }];

describe.each([undefined, 1, 7, "awkward"] as const)("cut at %s", (chunkBytes) => {
  test("thoughts, text and calls arrive whole through the real SDK, and may be sent back", async () => {
    const text = "Grüße, 世界 👩‍👩‍👧";
    const calls = [
      { name: "read_file", input: { path: "ä.md" } },
      { name: "read_file", input: { path: "b" }, id: "call_2" },
    ];
    const options = chunkBytes === undefined ? {} : { chunkBytes };
    const script = [{ reasoning: "Two files.", text, calls }, { calls }, { text: "fine" }];
    const gemini = await client(script, options);
    const first = await ask(gemini, hello);
    expect(textOf(first.parts)).toBe(text);
    expect(first.parts.filter(({ thought }) => thought).map(({ text }) => text)).toEqual(["Two f", "iles."]);
    expect(first.finish).toBe("STOP");
    const made = first.parts.filter(({ functionCall }) => functionCall);
    expect(made.map(({ functionCall }) => functionCall?.args)).toEqual([{ path: "ä.md" }, { path: "b" }]);
    expect(made.map(({ thoughtSignature }) => typeof thoughtSignature)).toEqual(["string", "undefined"]);
    const answered = (parts: Part[]): Content[] => [
      { role: "model", parts: parts.filter(({ thought }) => !thought) },
      {
        role: "user",
        parts: parts
          .flatMap(({ functionCall }) =>
            functionCall ? [{ functionResponse: { ...functionCall, response: { output: "42" } } }] : [],
          )
          .map(({ functionResponse: { args: _args, ...functionResponse } }) => ({ functionResponse })),
      },
    ];
    const history = [...hello, ...answered(first.parts)];
    const second = await ask(gemini, history);
    const third = await ask(gemini, [...history, ...answered(second.parts)]);
    expect(textOf(third.parts)).toBe("fine");
    expect(server?.requests.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined]);
  });
});
