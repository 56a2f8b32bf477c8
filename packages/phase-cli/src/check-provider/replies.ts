/** What a provider has to read. */
import {
  calls,
  expectSame,
  expectText,
  isRetry,
  isText,
  type ProviderCheck,
  readFile,
  user,
} from "./bench.ts";

export const replies: readonly ProviderCheck[] = [
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
];
