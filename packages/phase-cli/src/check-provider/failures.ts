/** What a provider has to say when something goes wrong. */
import type { Fault } from "@eightfold/wire";
import {
  type Bench,
  expectSame,
  expectText,
  type Heard,
  isRetry,
  isText,
  type ProviderCheck,
  user,
} from "./bench.ts";

/** The reply to one request, when this goes wrong with the first answer and the second says "Hello." */
async function afterFault({ serve, ask }: Bench, fault: Fault): Promise<Heard> {
  await serve([{ text: "Hel, lost", fault }, { text: "Hello." }]);
  return ask("Hi.", ({ type }) => type === "reply_end");
}

function expectSecondTry(heard: Heard, waitMs?: number): void {
  const retry = heard.events.find((event) => event.type === "retry");
  if (!retry)
    throw new Error(
      `no second try; the first ended with ${JSON.stringify(heard.reply.error ?? heard.reply.stop)}`,
    );
  if (waitMs !== undefined) expectSame("a second try, whose wait in milliseconds is", retry.waitMs, waitMs);
  expectText(heard, "Hello.");
}

export const failures: readonly ProviderCheck[] = [
  {
    id: "words",
    step: 7,
    title: "a refusal is told in the service's words, and not tried again",
    advice: "look at response.ok, throw what the body's error says, and have `explain` return it",
    async run({ serve, ask }) {
      const server = await serve(() => ({ fault: { type: "refusal", name: "bad_key" } }));
      const { error } = (await ask("Hi.", isRetry)).reply;
      if (!error?.message.includes("invalid x-api-key"))
        throw new Error(`the error ${JSON.stringify(error?.message)}, without "invalid x-api-key"`);
      expectSame("an error of the kind", error.kind, "bad_key");
      expectSame("requests", server.requests.length, 1);
    },
  },
  {
    id: "too-long",
    step: 7,
    title: "a conversation that is too long is known as such: phase 8 then makes room",
    advice: 'its type is that of any bad request; look for "prompt is too long" in its message',
    async run({ serve, ask }) {
      await serve(() => ({ fault: { type: "refusal", name: "context_too_long" } }));
      expectSame("an error of the kind", (await ask("Hi.", isRetry)).reply.error?.kind, "context_too_long");
    },
  },
  {
    id: "busy",
    step: 7,
    title: "too many requests: core asks again, after the wait that the service names",
    advice: "return retryable: true, and retryAfterMs from the header retry-after, which counts seconds",
    async run(bench) {
      const fault = { type: "rate_limit", hint: "retry_after_seconds", seconds: 1 } as const;
      expectSecondTry(await afterFault(bench, fault), 1000);
    },
  },
  {
    id: "overloaded",
    step: 7,
    title: "an error inside the stream: core asks again",
    advice: "throw what an event of the type error says; overloaded_error is worth another try",
    run: async (bench) => expectSecondTry(await afterFault(bench, { type: "error_event", at: "text" })),
  },
  {
    id: "html",
    step: 7,
    title: "an answer that is not the service's own, such as a proxy's HTML: core asks again",
    advice: "a body that is not JSON is no reason to throw a SyntaxError: go by the status",
    async run(bench) {
      expectSecondTry(await afterFault(bench, { type: "html" }));
      expectSecondTry(await afterFault(bench, { type: "http", status: 429 }));
    },
  },
  {
    id: "lost",
    step: 7,
    title: "a lost connection: core asks again",
    advice:
      "say of a stream that ended early, and of fetch's TypeError with a cause, that they are retryable",
    async run(bench) {
      expectSecondTry(await afterFault(bench, { type: "cut", at: "text" }));
      expectSecondTry(await afterFault(bench, { type: "reset", at: "text" }));
    },
  },
  {
    id: "abort",
    step: 7,
    title: "an abort ends the request, and the service notices",
    advice: "hand the signal to fetch",
    async run({ serve, ask }) {
      const server = await serve([{ text: "Hello, Ada.", fault: { type: "stall", at: "text" } }]);
      await ask("I am Ada.", isText);
      const request = server.requests[0];
      const soon = new Promise<void>((resolve) => setTimeout(resolve, 3000));
      await Promise.race([request?.closed, soon]);
      if (!request?.closedEarly)
        throw new Error("a connection that is still open three seconds after the abort");
    },
  },
  {
    id: "alive",
    step: 7,
    title: "a model that thinks for long, without a word to show, is not given up",
    advice: "call alive() for each event, whatever is in it",
    async run({ serve, ask }) {
      // Each event is soon enough, and all of those before the first word together are not.
      await serve([{ reasoning: "Hm.", text: "Hello." }], { chunkDelayMs: 400 });
      const heard = await ask({ conversation: [user("Hi.")], timeout: "2" }, isRetry);
      if (heard.events.some(isRetry))
        throw new Error("two seconds of silence, as core saw it, while an event came every 0.4 seconds");
      expectText(heard, "Hello.");
    },
  },
];
