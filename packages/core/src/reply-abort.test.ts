import { describe, expect, test } from "vitest";
import { hear } from "../test/hear.ts";
import { ModelFailure } from "./errors.ts";
import type { CompleteReply, Delta, Provider } from "./model.ts";
import { modelOf } from "./reply.ts";

const request = { conversation: [{ role: "user", text: "hello" }] } as const;
const never = () => new Promise<never>(() => {});
const whole: CompleteReply = {
  message: {
    role: "assistant",
    text: "Hi.",
    toolCalls: [{ id: "1", name: "x", input: {} }],
    native: { provider: "deaf", model: "one", data: [] },
  },
  stop: "tool_calls",
  usage: { input: 1 },
};

type Attempt = (signal: AbortSignal) => AsyncGenerator<Delta, CompleteReply>;

function modelWith(attempt: Attempt) {
  const provider: Provider = {
    provider: "deaf",
    name: "one",
    attempt: (_, { signal }) => attempt(signal),
    explain: () => undefined,
  };
  return modelOf(provider);
}

/** An SDK that does not react to an abort: it waits for ever. */
async function* deaf(): AsyncGenerator<Delta, CompleteReply> {
  yield { type: "reasoning_delta", text: "hm" };
  yield { type: "text_delta", text: "Half a sen" };
  return await never();
}

describe("an abort", () => {
  test("before the start makes no request", async () => {
    const model = modelWith(() => {
      throw new Error("a request was made");
    });
    const { events, reply } = await hear(model.stream(request, AbortSignal.abort()));
    expect(events).toEqual([
      { type: "reply_end", provider: "deaf", model: "one", stop: "aborted", usage: {} },
    ]);
    expect(reply).toEqual({
      message: { role: "assistant", text: "", toolCalls: [] },
      stop: "aborted",
      usage: {},
    });
  });

  test("ends even an SDK that never reacts, and keeps the text", async () => {
    const stop = new AbortController();
    const stream = modelWith(deaf).stream(request, stop.signal);
    const { events, reply } = await hear(stream, ({ type }) => {
      if (type === "text_delta") setTimeout(() => stop.abort(), 5);
    });
    expect(events.at(-1)).toEqual({
      type: "reply_end",
      provider: "deaf",
      model: "one",
      stop: "aborted",
      usage: {},
    });
    expect(reply.message).toEqual({ role: "assistant", text: "Half a sen", toolCalls: [], reasoning: "hm" });
  });

  test("while the consumer is busy is seen before the next piece", async () => {
    const stop = new AbortController();
    const stream = modelWith(async function* () {
      yield { type: "text_delta", text: "one" };
      yield { type: "text_delta", text: "two" };
      return whole;
    }).stream(request, stop.signal);
    const { reply } = await hear(stream, () => stop.abort());
    expect(reply).toMatchObject({ stop: "aborted", message: { text: "one", toolCalls: [] } });
  });

  test("is no failure, whatever the SDK makes of it", async () => {
    const stop = new AbortController();
    const model = modelWith(async function* (signal) {
      yield { type: "text_delta", text: "one" };
      stop.abort();
      throw new ModelFailure({ kind: "cut_off", message: `cut ${signal.aborted}`, retryable: true });
    });
    const { events, reply } = await hear(model.stream(request, stop.signal));
    expect(events.map(({ type }) => type)).toEqual(["text_delta", "reply_end"]);
    expect(reply).toMatchObject({ stop: "aborted", message: { text: "one" } });
    expect(reply.error).toBeUndefined();
  });

  test("ends the wait before a retry, and nothing of the void text is kept", async () => {
    const stop = new AbortController();
    const model = modelWith(async function* () {
      yield { type: "text_delta", text: "void" };
      throw new ModelFailure({ kind: "overloaded", message: "busy", retryable: true, retryAfterMs: 50_000 });
    });
    const { events, reply } = await hear(model.stream(request, stop.signal), ({ type }) => {
      if (type === "retry") setTimeout(() => stop.abort(), 5);
    });
    expect(events.map(({ type }) => type)).toEqual(["text_delta", "retry", "reply_end"]);
    expect(reply).toMatchObject({ stop: "aborted", message: { text: "" } });
  });

  test("comes to the adapter with the caller's reason", async () => {
    const stop = new AbortController();
    let reason: unknown;
    const model = modelWith(async function* (signal) {
      signal.addEventListener("abort", () => {
        reason = signal.reason;
      });
      return yield* deaf();
    });
    await hear(model.stream(request, stop.signal), () => stop.abort("enough"));
    expect(reason).toBe("enough");
  });
});

describe("no request is left running", () => {
  /** Tells whether the attempt's signal was aborted and its cleanup was run. */
  function observed(attempt: () => AsyncGenerator<Delta, CompleteReply>) {
    const state = { aborted: false, cleaned: false };
    const model = modelWith(async function* (signal) {
      signal.addEventListener("abort", () => {
        state.aborted = true;
      });
      try {
        return yield* attempt();
      } finally {
        state.cleaned = true;
      }
    });
    return { model, state };
  }

  test("when the consumer walks away", async () => {
    const { model, state } = observed(deaf);
    for await (const _ of model.stream(request, new AbortController().signal)) break;
    expect(state).toEqual({ aborted: true, cleaned: true });
  });

  test("when the attempt fails", async () => {
    const { model, state } = observed(async function* () {
      yield { type: "text_delta", text: "x" };
      throw new Error("odd");
    });
    await hear(model.stream(request, new AbortController().signal));
    expect(state).toEqual({ aborted: true, cleaned: true });
  });

  test("when the reply is complete", async () => {
    const { model, state } = observed(async function* () {
      yield { type: "text_delta", text: "Hi." };
      return whole;
    });
    const { reply } = await hear(model.stream(request, new AbortController().signal));
    expect(reply).toEqual(whole);
    expect(state).toEqual({ aborted: true, cleaned: true });
  });
});

test("an adapter that fails after it was given up disturbs nobody", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const stop = new AbortController();
  const model = modelWith(async function* (signal) {
    yield { type: "text_delta", text: "x" };
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => setTimeout(() => reject(new Error("late")), 10));
    });
    return whole;
  });
  await hear(model.stream(request, stop.signal), () => setTimeout(() => stop.abort(), 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
