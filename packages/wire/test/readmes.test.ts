import { GoogleGenAI } from "@google/genai";
import { Ollama } from "ollama";
import { describe, expect, test } from "vitest";
import type { Script } from "../src/index.ts";
import { rain, refusals, serve, server, weather } from "./readme-server.ts";

/** What the READMEs of @google/genai and ollama show first, sent by these SDKs, streamed or not. */

describe("@google/genai", () => {
  const open = async (script?: Script) => {
    const { GEMINI_API_KEY: apiKey = "", GOOGLE_GEMINI_BASE_URL: baseUrl = "" } = await serve(
      "gemini",
      script,
    );
    return new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
  };
  const model = "gemini-3.8-flash";

  test("generateContent answers in one piece", async () => {
    const ai = await open(() => ({ text: "Blue light scatters more.", reasoning: "Rayleigh." }));
    const contents = "Why is the sky blue?";
    const response = await ai.models.generateContent({ model, contents });
    expect(response.text).toBe("Blue light scatters more.");
    expect(response.candidates?.[0]?.finishReason).toBe("STOP");
    const thinkingConfig = { includeThoughts: true };
    const thought = await ai.models.generateContent({ model, contents, config: { thinkingConfig } });
    expect(thought.candidates?.[0]?.content?.parts).toMatchObject([
      { text: "Rayleigh.", thought: true },
      { text: "Blue light scatters more.", thoughtSignature: expect.any(String) },
    ]);
  });

  test("generateContentStream streams to the same client", async () => {
    const ai = await open();
    let text = "";
    for await (const chunk of await ai.models.generateContentStream({ model, contents: "Write a poem." }))
      text += chunk.text;
    expect(text).toBe("Arr, they be optional.");
  });

  test("a function that must be called is, and its response comes back", async () => {
    const ai = await open([rain, { text: "Rain." }]);
    const { name, parameters: parametersJsonSchema } = weather;
    const config = {
      toolConfig: { functionCallingConfig: { mode: "ANY" as never, allowedFunctionNames: [name] } },
      tools: [{ functionDeclarations: [{ name, parametersJsonSchema }] }],
      systemInstruction: "Be brief.",
    };
    const asked = { role: "user", parts: [{ text: "Weather in Kyiv?" }] };
    const first = await ai.models.generateContent({ model, contents: [asked], config });
    expect(first.functionCalls).toMatchObject([{ name, args: { city: "Kyiv" } }]);
    const said = first.candidates?.[0]?.content ?? {};
    const id = first.functionCalls?.[0]?.id ?? "";
    const response = { output: "rain" };
    const answer = { role: "user", parts: [{ functionResponse: { id, name, response } }] };
    const second = await ai.models.generateContent({ model, contents: [asked, said, answer], config });
    expect(second.text).toBe("Rain.");
    expect(server.requests[1]?.view).toMatchObject({
      system: "Be brief.",
      messages: [{}, {}, { text: "rain" }],
    });
  });

  test.each(["sendMessage", "sendMessageStream"] as const)(
    "a chat remembers what %s brought",
    async (send) => {
      const ai = await open([{ text: "Two dogs, noted." }, { text: "Eight paws." }, { text: "Yes." }]);
      const chat = ai.chats.create({ model });
      for (const message of ["I have 2 dogs in my house.", "How many paws are in my house?", "Sure?"]) {
        const answer = await chat[send]({ message });
        if (Symbol.asyncIterator in answer) for await (const _ of answer);
      }
      expect(refusals()).toEqual([undefined, undefined, undefined]);
      const said = server.requests[2]?.view.messages.map(({ text }) => text).join("");
      expect(said).toContain("Two dogs, noted.");
      expect(said).toContain("Eight paws.");
    },
  );

  test("tokens are counted, and models are listed", async () => {
    const ai = await open();
    const { totalTokens } = await ai.models.countTokens({ model, contents: "The quick brown fox." });
    expect(totalTokens).toBeGreaterThan(1);
    const names: (string | undefined)[] = [];
    for await (const each of await ai.models.list()) names.push(each.name);
    expect(names).toEqual(["models/gemini-3.8-flash"]);
    expect((await ai.models.get({ model })).name).toBe("models/gemini-3.8-flash");
    expect(server.requests).toEqual([]);
  });
});

describe("ollama", () => {
  const open = async (script?: Script) => {
    const { OLLAMA_HOST: host = "" } = await serve("ollama", script);
    return new Ollama({ host });
  };
  const messages = [{ role: "user", content: "Why is the sky blue?" }];

  test("chat answers in one piece, whatever the model is named", async () => {
    const ollama = await open();
    const response = await ollama.chat({ model: "llama3.1", messages });
    expect(response.message).toEqual({ role: "assistant", content: "Arr, they be optional." });
    expect(response).toMatchObject({ model: "llama3.1", done: true, done_reason: "stop" });
  });

  test("chat streams to the same client", async () => {
    const ollama = await open();
    let text = "";
    for await (const part of await ollama.chat({ model: "llama3.1", messages, stream: true }))
      text += part.message.content;
    expect(text).toBe("Arr, they be optional.");
  });

  test("a call in one piece comes back with its result, without ids and names", async () => {
    const ollama = await open([rain, { text: "Rain." }]);
    const tools = [{ type: "function", function: weather }];
    const { message } = await ollama.chat({ model: "llama3.1", messages, tools });
    expect(message.tool_calls).toMatchObject([
      { function: { name: "get_weather", arguments: { city: "Kyiv" } } },
    ]);
    const more = [...messages, message, { role: "tool", content: "rain" }];
    expect((await ollama.chat({ model: "llama3.1", messages: more, tools })).message.content).toBe("Rain.");
    expect(server.requests[1]?.advice).toEqual(["messages[2]: tool_name is missing", expect.any(String)]);
  });

  test("generate answers a prompt, streamed or not", async () => {
    const ollama = await open();
    const ask = { model: "gemma3", prompt: "Why is the sky blue?", system: "Be brief.", keep_alive: "5m" };
    expect((await ollama.generate(ask)).response).toBe("Arr, they be optional.");
    let text = "";
    for await (const part of await ollama.generate({ ...ask, stream: true })) text += part.response;
    expect(text).toBe("Arr, they be optional.");
    expect(server.requests[0]?.view).toMatchObject({
      system: "Be brief.",
      messages: [{ role: "user", text: "Why is the sky blue?" }],
    });
  });

  test("an empty conversation loads the model", async () => {
    const ollama = await open([]); // it uses up no reply
    const response = await ollama.generate({ model: "gemma3", prompt: "" });
    expect(response).toMatchObject({ response: "", done: true, done_reason: "load" });
  });

  test("models are listed and shown", async () => {
    const ollama = await open();
    expect((await ollama.list()).models.map(({ name }) => name)).toEqual(["qwen3.5:latest"]);
    expect((await ollama.show({ model: "llama3.1" })).capabilities).toContain("tools");
  });
});
