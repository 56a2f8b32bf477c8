import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import type { Dialect, Script } from "../src/index.ts";
import { rain, refusals, serve, server, weather } from "./readme-server.ts";

/** What the README of openai shows first, and what its users do next, streamed or not. */

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
