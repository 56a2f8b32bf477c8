import { GoogleGenAI } from "@google/genai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { type Dialect, type Script, startWire, type WireServer } from "../src/index.ts";

/** What the READMEs of the SDKs show first, sent to the servers by the SDKs, streamed or not. */

let server: WireServer;
afterEach(() => server.close());

async function serve(dialect: Dialect, script: Script = () => ({ text: "Arr, they be optional." })) {
  server = await startWire(dialect, script);
  return server.env;
}

/** What the server said against the requests that it got. */
const refusals = () => server.requests.map(({ refusal }) => refusal);

const weather = {
  name: "get_weather",
  description: "Tells the weather.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const rain = { calls: [{ name: "get_weather", input: { city: "Kyiv" } }] };

describe("openai", () => {
  const open = async (dialect: Dialect, script?: Script) => {
    const { OPENAI_API_KEY: apiKey = "", OPENAI_BASE_URL: baseURL = "" } = await serve(dialect, script);
    return new OpenAI({ apiKey, baseURL, maxRetries: 0 });
  };
  const input = "Are semicolons optional in JavaScript?";

  test("responses.create answers in one piece", async () => {
    const client = await open("responses");
    const response = await client.responses.create({
      model: "gpt-5.5",
      instructions: "You are a coding assistant that talks like a pirate",
      input,
    });
    expect(response.output_text).toBe("Arr, they be optional.");
    expect(response).toMatchObject({ status: "completed", model: "gpt-5.5", store: true });
    expect(refusals()).toEqual([undefined]);
  });

  test("responses.create streams to the same client", async () => {
    const client = await open("responses");
    let text = "";
    for await (const event of await client.responses.create({ model: "gpt-5.5", input, stream: true }))
      if (event.type === "response.output_text.delta") text += event.delta;
    expect(text).toBe("Arr, they be optional.");
  });

  test("an image is looked at", async () => {
    const client = await open("responses");
    const image_url = "https://api.nga.gov/iiif/a2e6da57/full/!800,800/0/default.jpg";
    await client.responses.create({
      model: "gpt-5.5",
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is in this image?" },
            { type: "input_image", detail: "auto", image_url },
          ],
        },
      ],
    });
    expect(refusals()).toEqual([undefined]);
  });

  test("previous_response_id goes on from what the service has kept, calls and reasoning included", async () => {
    const client = await open("responses", [rain, { text: "Rain." }, { text: "Yes." }]);
    const tools = [{ type: "function", ...weather, strict: false } as const];
    const first = await client.responses.create({ model: "gpt-5.5", input: "Weather in Kyiv?", tools });
    const made = first.output.find((item) => item.type === "function_call");
    if (made === undefined) throw new Error("a call was scripted");
    const output = { type: "function_call_output", call_id: made.call_id, output: "rain" } as const;
    const go = { model: "gpt-5.5", tools, previous_response_id: first.id };
    const second = await client.responses.create({ ...go, input: [output] });
    expect(second.output_text).toBe("Rain.");
    const again = { model: "gpt-5.5", previous_response_id: second.id, input: "Sure?" };
    expect((await client.responses.create(again)).output_text).toBe("Yes.");
    expect(server.requests[2]?.view.messages).toEqual([
      { role: "user", text: "Weather in Kyiv?" },
      {
        role: "assistant",
        text: "",
        calls: [{ id: made.call_id, name: "get_weather", input: { city: "Kyiv" } }],
      },
      { role: "tool", callId: made.call_id, text: "rain" },
      { role: "assistant", text: "Rain.", calls: [] },
      { role: "user", text: "Sure?" },
    ]);
    expect((await client.responses.retrieve(first.id)).output).toEqual(first.output);
    const unanswered = client.responses.create({ ...go, input: "And?" });
    await expect(unanswered).rejects.toThrow(`No tool output found for function call ${made.call_id}.`);
    await client.responses.delete(second.id);
    await expect(client.responses.create(again)).rejects.toThrow(
      `Previous response with id '${second.id}' not found.`,
    );
  });

  test("the items of a response that was kept come back as input, and as references", async () => {
    const client = await open("responses", [{ text: "One." }, { text: "Two." }, { text: "Three." }]);
    const first = await client.responses.create({ model: "gpt-5.5", input: "Count." });
    const user = { role: "user", content: "Go on." } as const;
    await client.responses.create({ model: "gpt-5.5", input: [...first.output, user] as never });
    const references = first.output.map(({ id = "" }) => ({ type: "item_reference", id }) as const);
    await client.responses.create({ model: "gpt-5.5", input: [...references, user] as never });
    expect(refusals()).toEqual([undefined, undefined, undefined]);
  });

  test("chat.completions.create answers in one piece", async () => {
    const client = await open("chat");
    const completion = await client.chat.completions.create({
      model: "gpt-5.5",
      messages: [
        { role: "developer", content: "Talk like a pirate." },
        { role: "user", content: input },
      ],
    });
    expect(completion.choices[0]?.message.content).toBe("Arr, they be optional.");
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(completion.usage?.total_tokens).toBeGreaterThan(0);
  });

  test("runTools runs a conversation of the SDK's own", async () => {
    const client = await open("chat", [rain, { text: "Rain." }]);
    const runner = client.chat.completions.runTools({
      model: "gpt-4o",
      messages: [{ role: "user", content: "Weather in Kyiv?" }],
      tools: [
        {
          type: "function",
          function: { ...weather, function: () => "rain", parse: JSON.parse },
        },
      ],
    });
    expect(await runner.finalContent()).toBe("Rain.");
    expect(refusals()).toEqual([undefined, undefined]);
  });

  test("functions, as they were before tools", async () => {
    const client = await open("chat", [rain, rain, { text: "Rain." }]);
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Weather in Kyiv?" }];
    const ask = { model: "gpt-4o", functions: [weather], function_call: "auto" as const };
    const { choices } = await client.chat.completions.create({ ...ask, messages });
    expect(choices[0]).toMatchObject({
      finish_reason: "function_call",
      message: { content: null, function_call: { name: "get_weather", arguments: '{"city":"Kyiv"}' } },
    });
    let streamed = "";
    for await (const { choices } of await client.chat.completions.create({ ...ask, messages, stream: true }))
      streamed += choices[0]?.delta.function_call?.arguments ?? "";
    expect(streamed).toBe('{"city":"Kyiv"}');
    if (choices[0]) messages.push(choices[0].message);
    messages.push({ role: "function", name: "get_weather", content: "rain" });
    await client.chat.completions.create({ ...ask, messages });
    expect(refusals()).toEqual([undefined, undefined, undefined]);
    expect(server.requests[2]?.view).toMatchObject({
      messages: [
        {},
        { calls: [{ name: "get_weather", input: { city: "Kyiv" } }] },
        { role: "tool", text: "rain" },
      ],
      tools: [{ name: "get_weather" }],
    });
  });
});

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
