/** What `pnpm phase check-provider` asks of a provider for Anthropic's Messages API, in the order in which one builds it. */
import type { Message, ModelEvent, ModelRequest, Reply } from "@eightfold/core";
import type { Fault, Script, WireOptions, WireServer } from "@eightfold/wire";

/** A request for a reply; the parameters of its tools are data, since a thread's functions stay in the thread. */
export interface Asked extends Omit<ModelRequest, "tools"> {
  readonly tools?: readonly { name: string; description: string; parameters: object }[];
}

/** What came of it. */
export interface Heard {
  readonly events: readonly ModelEvent[];
  readonly reply: Reply;
}

export interface Bench {
  serve(script: Script, options?: WireOptions): Promise<WireServer>;
  /** Asks the provider, and aborts at the first event that is `last`. Throws what came in place of a reply. */
  ask(asked: Asked | string, last?: (event: ModelEvent) => boolean): Promise<Heard>;
}

export interface ProviderCheck {
  readonly id: string;
  /** One that fails keeps those of later steps from being tried. */
  readonly step: number;
  readonly title: string;
  /** What to do when it fails. */
  readonly advice: string;
  /** Throws an Error that says what came in place of what was wanted. */
  run(bench: Bench): Promise<void>;
}

const user = (text: string): Message => ({ role: "user", text });
const isText = ({ type }: ModelEvent) => type === "text_delta";
const isRetry = ({ type }: ModelEvent) => type === "retry";

const readFile = {
  name: "read_file",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};
const calls = ["a.md", "b.md"].map((path) => ({ name: "read_file", input: { path } }));

/** Throws what was seen, unless it is as wanted. */
function expectSame(what: string, seen: unknown, wanted: unknown): void {
  const [is, should] = [seen, wanted].map((value) => JSON.stringify(value) ?? "nothing");
  if (is !== should) throw new Error(`${what} ${is}, and not ${should}`);
}

function expectText({ reply }: Heard, wanted: string): void {
  const { stop, message, error } = reply;
  if (error) throw new Error(`an error in place of a reply: ${error.message}`);
  expectSame("a reply that says", message.text, wanted);
  expectSame("the stop", stop, "done");
}

/** A conversation whose last reply made calls, with a result for each. */
function withResults(request: Message, { reply }: Heard, isError = false): Asked {
  const results = reply.message.toolCalls.map(
    ({ id, name, input }): Message => ({
      ...{ role: "tool", callId: id, name, text: `the text of ${input.path}` },
      ...{ isError, summary: "" },
    }),
  );
  return { conversation: [request, reply.message, ...results], tools: [readFile] };
}

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

export const providerChecks: readonly ProviderCheck[] = [
  {
    id: "answers",
    step: 1,
    title: "the service takes the request, and its text is the reply",
    advice: "POST to ANTHROPIC_BASE_URL/v1/messages, with x-api-key and anthropic-version; read content",
    async run({ serve, ask }) {
      await serve([{ text: "Hello, Ada." }]);
      expectText(await ask("I am Ada."), "Hello, Ada.");
    },
  },
  {
    id: "streams",
    step: 2,
    title: "text is yielded while the service is still writing",
    advice: 'ask with "stream": true, and yield the text of each text_delta when its event is there',
    async run({ serve, ask }) {
      await serve([{ text: "Hello, Ada.", fault: { type: "stall", at: "text" } }]);
      const { events } = await ask("I am Ada.", isText);
      if (!events.some(isText)) throw new Error("no text, while the service had sent a part and went on");
    },
  },
  {
    id: "pieces",
    step: 2,
    title: "the network may cut the stream inside a line or a character",
    advice: "keep what is behind the last line end for the next piece, and decode as a stream",
    async run({ serve, ask }) {
      const text = "Grüße, 世界 👋 ".repeat(12);
      await serve([{ text }], { chunkBytes: "awkward", untilRead: true });
      expectText(await ask("Hi."), text);
    },
  },
  {
    id: "half",
    step: 2,
    title: "a stream that ends before message_stop is an error, not a reply",
    advice: "return the reply at message_stop, and throw where the stream ends without it",
    async run({ serve, ask }) {
      await serve(() => ({ text: "Hello, Ada.", fault: { type: "cut", at: "text" } }));
      const { reply } = await ask("I am Ada.", isRetry);
      if (reply.stop !== "error" && reply.stop !== "aborted")
        throw new Error(`${JSON.stringify(reply.message.text)} as a reply that is ${reply.stop}`);
    },
  },
  {
    id: "conversation",
    step: 3,
    title: "every message is sent, with the system prompt beside them",
    advice: "map the conversation to messages; the system prompt is a field of its own",
    async run({ serve, ask }) {
      const server = await serve([{ text: "Ada." }]);
      const conversation: Message[] = [
        user("I am Ada."),
        { role: "assistant", text: "Hello.", toolCalls: [] },
        user("Who am I?"),
      ];
      await ask({ system: "Be brief.", conversation });
      const view = server.requests[0]?.view;
      const said = view?.messages.map(({ role, text }) => `${role}: ${text}`);
      expectSame("messages", said, ["user: I am Ada.", "assistant: Hello.", "user: Who am I?"]);
      expectSame("a system prompt", view?.system, "Be brief.");
    },
  },
  {
    id: "silence",
    step: 3,
    title: "a reply that was interrupted before its first word is left out",
    advice: "send no message whose content is empty: the service refuses the whole request",
    async run({ serve, ask }) {
      await serve([{ text: "Hello." }]);
      const silent: Message = { role: "assistant", text: "", toolCalls: [] };
      expectText(await ask({ conversation: [user("Hi."), silent, user("Still there?")] }), "Hello.");
    },
  },
  {
    id: "tools",
    step: 4,
    title: "tools are declared, with the schema of their arguments",
    advice: "send tools: name, description, and what parameters() gives as input_schema",
    async run({ serve, ask }) {
      const server = await serve([{ text: "Hello." }]);
      await ask({ conversation: [user("Hi.")], tools: [readFile] });
      expectSame("tools", server.requests[0]?.view.tools, [readFile]);
    },
  },
  {
    id: "calls",
    step: 4,
    title: "several calls in one reply come with their ids and arguments",
    advice: "collect tool_use blocks by the index of their events, and input_json_delta as text",
    async run({ serve, ask }) {
      await serve([{ text: "I will look.", calls }]);
      const { reply } = await ask({ conversation: [user("Compare them.")], tools: [readFile] });
      const { toolCalls, text } = reply.message;
      expectSame(
        "calls",
        toolCalls.map(({ name, input }) => ({ name, input })),
        calls,
      );
      expectSame("a text", text, "I will look.");
      expectSame("the stop", reply.stop, "tool_calls");
      const ids = new Set(toolCalls.map(({ id }) => id));
      if (ids.size < 2 || !toolCalls.every(({ id }) => id.startsWith("toolu_")))
        throw new Error(`the ids ${[...ids].join(", ")}, and not those of the service`);
    },
  },
  {
    id: "no-arguments",
    step: 4,
    title: "a call without arguments has an empty input",
    advice: "no input_json_delta at all means {}",
    async run({ serve, ask }) {
      await serve([{ calls: [{ name: "read_file", rawArguments: "" }] }]);
      const { reply } = await ask({ conversation: [user("Go.")], tools: [readFile] });
      const [call] = reply.message.toolCalls;
      expectSame("a call with", call && { input: call.input, invalid: call.invalid }, { input: {} });
    },
  },
  {
    id: "broken",
    step: 4,
    title: "arguments that are not JSON make a call that says so",
    advice: "catch what JSON.parse throws, and say in the call's `invalid` what is wrong",
    async run({ serve, ask }) {
      await serve(() => ({ calls, fault: { type: "malformed_arguments" } }));
      const { reply } = await ask({ conversation: [user("Go.")], tools: [readFile] }, isRetry);
      const seen = reply.message.toolCalls.map(({ invalid }) => typeof invalid);
      if (reply.error) throw new Error(`an error in place of a reply: ${reply.error.message}`);
      expectSame("calls with `invalid` of the types", seen, ["string", "string"]);
    },
  },
  {
    id: "results",
    step: 5,
    title: "each result goes back to its call, right behind the reply",
    advice: "a result is a tool_result block in a message of the user's, and its call a tool_use block",
    async run({ serve, ask }) {
      const server = await serve([{ calls }, { text: "Compared." }]);
      const request = user("Compare them.");
      const first = await ask({ conversation: [request], tools: [readFile] });
      expectText(await ask(withResults(request, first)), "Compared.");
      const results = server.requests[1]?.view.messages.filter(({ role }) => role === "tool");
      expectSame(
        "results",
        results?.map(({ text }) => text),
        ["the text of a.md", "the text of b.md"],
      );
    },
  },
  {
    id: "failed",
    step: 5,
    title: "the result of a call that failed is marked",
    advice: "set is_error from the result's isError",
    async run({ serve, ask }) {
      const server = await serve([{ calls }, { text: "Neither." }]);
      const request = user("Compare them.");
      await ask(withResults(request, await ask({ conversation: [request], tools: [readFile] }), true));
      const marks = server.requests[1]?.raw.match(/"is_error":\w+/g);
      expectSame("marks", marks, ['"is_error":true', '"is_error":true']);
    },
  },
  {
    id: "thoughts",
    step: 5,
    title: "what the model thought goes back as it came, with its signature",
    advice: "keep the blocks of a reply in its `native`, and send those back to the same model",
    async run({ serve, ask }) {
      await serve([{ reasoning: "Two files.", text: "I will look.", calls }, { text: "Compared." }]);
      const request = user("Compare them.");
      const first = await ask({ conversation: [request], tools: [readFile] });
      expectSame("a text", first.reply.message.text, "I will look.");
      expectText(await ask(withResults(request, first)), "Compared.");
    },
  },
  {
    id: "foreign",
    step: 5,
    title: "what another model thought does not go back",
    advice: "send `native` only where its provider and its model are yours",
    async run({ serve, ask }) {
      await serve([{ text: "Hello." }]);
      const data = [
        { type: "thinking", thinking: "", signature: "of another model" },
        { type: "text", text: "Hi." },
      ];
      const native = { provider: "another", model: "another", data };
      const theirs: Message = { role: "assistant", text: "Hi.", toolCalls: [], native };
      expectText(await ask({ conversation: [user("Hi."), theirs, user("Hi again.")] }), "Hello.");
    },
  },
  {
    id: "length",
    step: 6,
    title: "a reply that was cut off by its length runs none of its calls",
    advice: 'for max_tokens, return the stop "length" and no calls',
    async run({ serve, ask }) {
      await serve([{ text: "I will", calls, stop: "length" }]);
      const { reply } = await ask({ conversation: [user("Go.")], tools: [readFile] }, isRetry);
      const runnable = reply.message.toolCalls.filter(({ invalid }) => invalid === undefined);
      expectSame("calls that would run", runnable, []);
      if (reply.message.toolCalls.length === 0) expectSame("the stop", reply.stop, "length");
    },
  },
  {
    id: "refusal",
    step: 6,
    title: "a reply that the model refused says so",
    advice: 'for refusal, return the stop "refused"',
    async run({ serve, ask }) {
      await serve([{ text: "I can't help with that.", stop: "refused" }]);
      expectSame("the stop", (await ask("Go.")).reply.stop, "refused");
    },
  },
  {
    id: "usage",
    step: 6,
    title: "tokens are counted: the prompt's at the start, the reply's at the end",
    advice: "input_tokens is in message_start, and the last output_tokens in message_delta",
    async run({ serve, ask }) {
      await serve([{ text: "Hello.", usage: { input: 210, output: 12 } }]);
      const { input, output } = (await ask("Hi.")).reply.usage;
      expectSame("counts", { input, output }, { input: 210, output: 12 });
    },
  },
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
    title: "a proxy's page of HTML: core asks again",
    advice: "a body that is not JSON is no reason to throw a SyntaxError: go by the status",
    run: async (bench) => expectSecondTry(await afterFault(bench, { type: "html" })),
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
];
