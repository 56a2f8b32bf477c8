import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { hear } from "../test/hear.ts";
import { badReply, cutOff, ModelFailure } from "./errors.ts";
import type { CompleteReply, ModelError, Provider } from "./model.ts";
import { modelOf } from "./reply.ts";

const request = { conversation: [{ role: "user", text: "hello" }] } as const;
const live = () => new AbortController().signal;

const done: CompleteReply = {
  message: { role: "assistant", text: "Hi.", toolCalls: [] },
  stop: "done",
  usage: { input: 3, output: 2 },
};

/** A provider whose first attempt is the first of `attempts`, and so on. */
function providerOf(attempts: Provider["attempt"][], more: Partial<Provider> = {}): Provider {
  const left = [...attempts];
  return {
    provider: "scripted",
    name: "one",
    attempt: (...given) => {
      const next = left.shift();
      if (!next) throw new Error("no further attempt was expected");
      return next(...given);
    },
    explain: () => undefined,
    ...more,
  };
}

async function* succeed() {
  yield { type: "text_delta", text: "Hi." } as const;
  return done;
}

function failing(error: unknown): Provider["attempt"] {
  return async function* () {
    yield { type: "reasoning_delta", text: "hm" };
    yield { type: "text_delta", text: "So" };
    throw error;
  };
}

const soon = (error: Partial<ModelError> = {}) =>
  new ModelFailure({ kind: "overloaded", message: "busy", retryable: true, retryAfterMs: 1, ...error });

test("a reply streams, and ends with reply_end", async () => {
  const model = modelOf(providerOf([succeed]));
  const { events, reply } = await hear(model.stream(request, live()));
  expect(model).toMatchObject({ provider: "scripted", name: "one" });
  expect(events).toEqual([
    { type: "text_delta", text: "Hi." },
    { type: "reply_end", provider: "scripted", model: "one", stop: "done", usage: { input: 3, output: 2 } },
  ]);
  expect(reply).toEqual(done);
});

describe("a failure", () => {
  test("is a value, with the text that had come and nothing else of the reply", async () => {
    const error: ModelError = { kind: "bad_key", message: "no such key", retryable: false, status: 401 };
    const model = modelOf(providerOf([failing(new ModelFailure(error))]));
    const { events, reply } = await hear(model.stream(request, live()));
    expect(reply).toEqual({
      message: { role: "assistant", text: "So", toolCalls: [], reasoning: "hm" },
      stop: "error",
      usage: {},
      error,
    });
    expect(events.at(-1)).toEqual({
      type: "reply_end",
      provider: "scripted",
      model: "one",
      stop: "error",
      usage: {},
      error,
    });
  });

  test("is tried again, and what had been streamed of it is void", async () => {
    const model = modelOf(providerOf([failing(soon()), succeed]));
    const { events, reply } = await hear(model.stream(request, live()));
    expect(events.map(({ type }) => type)).toEqual([
      "reasoning_delta",
      "text_delta",
      "retry",
      "text_delta",
      "reply_end",
    ]);
    expect(events[2]).toEqual({ type: "retry", attempt: 1, waitMs: 1, error: soon().error });
    expect(reply).toEqual(done);
  });

  test("five times over is the end, and says so", async () => {
    const attempts = Array.from({ length: 5 }, () => failing(soon({ hint: "Ask later." })));
    const { events, reply } = await hear(modelOf(providerOf(attempts)).stream(request, live()));
    expect(events.filter(({ type }) => type === "retry")).toHaveLength(4);
    expect(reply.error?.hint).toBe("Tried 5 times. Ask later.");
    expect(reply.message.text).toBe("So");
  });

  test("that asks for a long wait is given up at once, with the wait", async () => {
    const attempt = failing(soon({ retryAfterMs: 3_600_000 }));
    const { events, reply } = await hear(modelOf(providerOf([attempt])).stream(request, live()));
    expect(events.some(({ type }) => type === "retry")).toBe(false);
    expect(reply.error?.hint).toContain("60 min");
  });

  test("is explained by its adapter first", async () => {
    const explain = (): ModelError => ({ kind: "blocked", message: "not this", retryable: false });
    const model = modelOf(providerOf([failing(new Error("odd"))], { explain }));
    expect((await hear(model.stream(request, live()))).reply.error?.kind).toBe("blocked");
  });

  test("that nobody knows is told in one line, and not repeated", async () => {
    const { reply } = await hear(
      modelOf(providerOf([failing(new Error("odd\n  at x.js:1"))])).stream(request, live()),
    );
    expect(reply.error).toEqual({
      kind: "bad_reply",
      message: "scripted failed: odd at x.js:1",
      retryable: false,
    });
  });

  test.each([cutOff("cut"), badReply("empty")])("%s is worth another try", async (failure) => {
    const attempt = failing(new ModelFailure({ ...failure.error, retryAfterMs: 1 }));
    const { reply } = await hear(modelOf(providerOf([attempt, succeed])).stream(request, live()));
    expect(reply.stop).toBe("done");
  });
});

describe("silence", () => {
  test("for longer than the provider allows is a timeout", async () => {
    async function* mute() {
      yield { type: "text_delta", text: "Well" } as const;
      await new Promise(() => {});
      return done;
    }
    const model = modelOf(providerOf([mute, failing(soon({ retryable: false }))], { idleMs: 20 }));
    const { events } = await hear(model.stream(request, live()));
    expect(events[1]).toMatchObject({ type: "retry", error: { kind: "timeout", retryable: true } });
  });

  test("is broken by any sign of life, shown or not", async () => {
    const provider = providerOf(
      [
        async function* (_, watch) {
          for (let beat = 0; beat < 30; beat++) {
            await new Promise((resolve) => setTimeout(resolve, 10));
            watch.alive();
          }
          yield* succeed();
          return done;
        },
      ],
      { idleMs: 150 },
    );
    expect((await hear(modelOf(provider).stream(request, live()))).reply.stop).toBe("done");
  });

  test("of a consumer that takes its time is no silence of the service", async () => {
    const stream = modelOf(providerOf([succeed], { idleMs: 20 })).stream(request, live());
    await stream.next();
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await stream.next()).toMatchObject({ value: { type: "reply_end", stop: "done" } });
  });
});

test("a hundred replies leave no listener on the caller's signal", async () => {
  const { signal } = new AbortController();
  for (let turn = 0; turn < 100; turn++) {
    await hear(modelOf(providerOf([failing(soon()), succeed])).stream(request, signal));
  }
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});
