import { describe, expect, test } from "vitest";
import { delta, end, hear, ok, start } from "../../test/anthropic.ts";

describe("a reply", () => {
  test("is kept block by block: thoughts, split signatures, what nobody can read, text, calls", async () => {
    const { reply, deltas } = await hear([
      start(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm." }),
      delta(0, { type: "signature_delta", signature: "si" }),
      delta(0, { type: "signature_delta", signature: "g" }),
      start(1, { type: "redacted_thinking", data: "xyz" }),
      start(2, { type: "text", text: "", citations: null }),
      delta(2, { type: "text_delta", text: "Both." }),
      start(3, { type: "tool_use", id: "a", name: "read_file", input: {} }),
      delta(3, { type: "input_json_delta", partial_json: '{"path"' }),
      delta(3, { type: "input_json_delta", partial_json: ':"x"}' }),
      start(4, { type: "tool_use", id: "b", name: "read_file", input: { path: "y" } }),
      end("tool_use"),
      { type: "message_stop" },
    ]);
    expect(deltas.map(({ text }) => text)).toEqual(["Hm.", "Both."]);
    expect(reply).toMatchObject({ stop: "tool_calls", message: { text: "Both.", reasoning: "Hm." } });
    expect(reply?.message.native?.data).toEqual([
      { type: "thinking", thinking: "Hm.", signature: "sig" },
      { type: "redacted_thinking", data: "xyz" },
      { type: "text", text: "Both." },
      { type: "tool_use", id: "a", name: "read_file", input: { path: "x" } },
      { type: "tool_use", id: "b", name: "read_file", input: { path: "y" } },
    ]);
  });

  test("from a gateway: all blocks under one number, thoughts in a block of text, two beginnings", async () => {
    const message = { type: "message_start", message: { usage: { input_tokens: 0, output_tokens: 0 } } };
    const { reply } = await hear([
      ...[message, message, start(0, { type: "text", text: "" })],
      delta(0, { type: "thinking_delta", thinking: "Hm." }),
      delta(0, { type: "text_delta", text: "Two." }),
      start(0, { type: "tool_use", id: "a", name: "t" }),
      delta(0, { type: "input_json_delta", partial_json: '{"n":1}' }),
      start(0, { type: "tool_use", id: "a", name: "t" }),
      delta(0, { type: "input_json_delta", partial_json: '{"n":2}' }),
      end("end_turn", { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 7 }),
    ]);
    expect(reply?.message).toMatchObject({ text: "Two.", reasoning: "Hm." });
    expect(reply?.message.toolCalls.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(new Set(reply?.message.toolCalls.map(({ id }) => id)).size).toBe(2);
    expect(reply).toMatchObject({ stop: "tool_calls", usage: { input: 15, cached: 5, output: 7 } });
  });

  test.each([
    ["the index of a text", 0],
    ["an index that is a text", "1"],
    ["no index", undefined],
  ])("whose arguments come under %s has its call", async (_, index) => {
    const { reply } = await hear([
      ...[start(0, { type: "text", text: "So:" }), start(1, { type: "tool_use", id: "a", name: " t " })],
      delta(index as number, { type: "input_json_delta", partial_json: '{"n":1}' }),
      end("tool_use"),
    ]);
    expect(reply?.message.toolCalls).toEqual([{ id: "a", name: "t", input: { n: 1 } }]);
  });

  test("with a call that nobody named is of no use", async () => {
    const call = delta(0, { type: "input_json_delta", partial_json: '{"n":1}' });
    expect((await hear([ok, call, end("tool_use")])).error).toMatchObject({
      kind: "bad_reply",
      retryable: true,
    });
  });

  test("whose content is a mere text is read", async () => {
    const { reply } = await hear([{ type: "message", content: "Hi.", stop_reason: "end_turn" }]);
    expect(reply?.message.text).toBe("Hi.");
  });

  test("that comes whole is read, with its calls", async () => {
    const content = [
      { type: "text", text: "Hi." },
      { type: "tool_use", id: "a", name: "t", input: { n: 1 } },
    ];
    const message = { type: "message", role: "assistant", content, stop_reason: "tool_use" };
    const { reply } = await hear([{ ...message, usage: { input_tokens: 3, output_tokens: 1 } }]);
    expect(reply).toMatchObject({
      stop: "tool_calls",
      usage: { input: 3, output: 1 },
      message: { text: "Hi.", toolCalls: [{ id: "a", input: { n: 1 } }] },
    });
  });

  test("names a call twice, and has its arguments once: that is one call", async () => {
    const call = (index: number) => start(index, { type: "tool_use", id: "a", name: "t", input: {} });
    const json = (index: number, partial_json: string) =>
      delta(index, { type: "input_json_delta", partial_json });
    for (const events of [
      [call(0), call(1), json(1, '{"n":1}')],
      [call(0), json(0, '{"n":1}'), call(0)],
      [call(0), json(0, '{"n":1}'), call(1), json(1, '{"n":1}')],
      [call(0), json(0, "{}"), json(0, '{"n":1}'), json(0, '{"n":1}')],
    ]) {
      const { reply } = await hear([...events, end("tool_use")]);
      expect(reply?.message.toolCalls).toEqual([{ id: "a", name: "t", input: { n: 1 } }]);
    }
  });

  test("holds what the service did itself: its input is no call of ours, and the rest goes back without it", async () => {
    for (const type of ["server_tool_use", "mcp_tool_use"]) {
      const { reply } = await hear([
        start(0, { type, id: "srvtoolu_1", name: "web_search", input: {} }),
        delta(0, { type: "input_json_delta", partial_json: "" }),
        delta(0, { type: "input_json_delta", partial_json: '{"query":"x"}' }),
        start(1, { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] }),
        start(2, { type: "text", text: "" }),
        delta(2, { type: "citations_delta", citation: {} }),
        delta(2, { type: "text_delta", text: "Found." }),
        end("end_turn"),
      ]);
      expect(reply).toMatchObject({ stop: "done", message: { text: "Found.", toolCalls: [] } });
      expect(reply?.message.native?.data).toEqual([{ type: "text", text: "Found." }]);
    }
  });

  test("has its blocks in any order, and their parts in turn", async () => {
    const { reply } = await hear([
      start(1, { type: "tool_use", id: "a", name: "t", input: {} }),
      start(0, { type: "text", text: "" }),
      delta(1, { type: "input_json_delta", partial_json: '{"n":' }),
      delta(0, { type: "text_delta", text: "Hi." }),
      delta(1, { type: "input_json_delta", partial_json: "1}" }),
      end("tool_use"),
    ]);
    expect(reply?.message).toMatchObject({ text: "Hi.", toolCalls: [{ id: "a", input: { n: 1 } }] });
  });

  test("whose arguments are whole where the call begins keeps them, although an empty object follows", async () => {
    const call = start(0, { type: "tool_use", id: "a", name: "t", input: { n: 1 } });
    const nothing = delta(0, { type: "input_json_delta", partial_json: "{}" });
    const { reply } = await hear([call, nothing, end("tool_use")]);
    expect(reply?.message.toolCalls).toEqual([{ id: "a", name: "t", input: { n: 1 } }]);
  });

  // https://github.com/BerriAI/litellm/issues/29286
  test("has no call where a gateway sends arguments of nothing among its text", async () => {
    const nothing = delta(0, { type: "input_json_delta", partial_json: "" });
    const { reply } = await hear([
      nothing,
      start(0, { type: "text", text: "" }),
      ok,
      nothing,
      end("end_turn"),
    ]);
    expect(reply).toMatchObject({ stop: "done", message: { text: "ok", toolCalls: [] } });
  });

  test("whose parts lack their types is read by what they hold, and what is null counts as absent", async () => {
    const { reply } = await hear([
      ...[start(0, { type: "thinking", thinking: "" }), delta(0, { thinking: "Hm.", text: null })],
      delta(0, { signature: "sig" }),
      ...[start(1, { type: "text", text: "" }), delta(1, { text: "So:", partial_json: null })],
      ...[start(2, { type: "tool_use", id: "a", name: "t" }), delta(2, { partial_json: '{"n":1}' })],
      end("tool_use"),
    ]);
    expect(reply?.message).toMatchObject({ text: "So:", reasoning: "Hm.", toolCalls: [{ input: { n: 1 } }] });
    expect(reply?.message.native?.data).toMatchObject([{ signature: "sig" }, { text: "So:" }, { id: "a" }]);
  });

  test("that begins with thoughts in tags shows them as thoughts, and goes back as it came", async () => {
    const pieces = ["<thi", "nk>Hm.</th", "ink>\n\nHi", "."].map((text) =>
      delta(0, { type: "text_delta", text }),
    );
    const { reply, deltas } = await hear([start(0, { type: "text", text: "" }), ...pieces, end("end_turn")]);
    expect(reply?.message).toMatchObject({ text: "Hi.", reasoning: "Hm." });
    expect(deltas.map(({ text }) => text).join("|")).toBe("Hm.|Hi|.");
    expect(reply?.message.native?.data).toEqual([{ type: "text", text: "<think>Hm.</think>\n\nHi." }]);
  });

  test.each([
    ["cyber", "It may be about an attack.", "cyber: It may be about an attack."],
    ["bio", null, "bio"],
    [null, null, ""],
  ])("that is refused says why (%s, %s)", async (category, explanation, why) => {
    const stop_details = { type: "refusal", category, explanation };
    const ending = { type: "message_delta", delta: { stop_reason: "refusal", stop_details } };
    const whole = { type: "message", content: [], stop_reason: "refusal", stop_details };
    for (const events of [[ending], [whole]]) {
      const { reply, deltas } = await hear(events);
      expect(reply).toMatchObject({ stop: "refused", message: { text: why } });
      expect(deltas.map(({ text }) => text).join("")).toBe(why);
    }
    const { reply } = await hear([ok, ending]);
    expect(reply?.message.text).toBe(why ? `ok\n\n${why}` : "ok");
  });

  test("counts of nothing are unknown", async () => {
    const { reply } = await hear([ok, end("end_turn", { input_tokens: 0, output_tokens: 0 })]);
    expect(reply?.usage).toEqual({});
  });

  test.each([
    ["end_turn", "done"],
    ["stop_sequence", "done"],
    ["a word that nobody knows", "done"],
    ["max_tokens", "length"],
    ["pause_turn", "length"],
    ["refusal", "refused"],
  ])("that ends with %s is %s", async (reason, stop) => {
    expect((await hear([ok, end(reason)])).reply?.stop).toBe(stop);
  });

  test("that ends where the context does is an error that says so", async () => {
    const { error } = await hear([ok, end("model_context_window_exceeded")]);
    expect(error).toMatchObject({ kind: "context_too_long", retryable: false });
  });

  test("that ends without a reason was cut", async () => {
    expect((await hear([ok, { type: "message_stop" }])).error?.kind).toBe("cut_off");
  });
});
