import type { Dialect, Fault } from "@eightfold/wire";
import type { Ended } from "../../agent-process.ts";
import { CTRL_C } from "../../agent-terminal.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../../expect.ts";
import { transcript } from "../../requests.ts";
import { waitFor, within } from "../../wait.ts";
import { ending, keysOf } from "../agent.ts";
import type { Bench } from "../bench.ts";
import type { AgentCheck } from "../check.ts";

/** One request and its answer; a service that fails; an interrupt; a conversation. */
export const chat: readonly AgentCheck[] = [
  {
    id: "chat.answers",
    level: "core",
    title: "the request reaches the model, and the answer is on stdout",
    needs: [],
    hint: "Print the model's text on stdout, and end with exit code 0.",
    more: "Take the request from the last argument. Everything that is not the answer (a banner, progress) belongs on stderr.",
    async run(bench) {
      await bench.serve(() => ({ text: "The answer is QX7-LANTERN." }));
      const ended = await bench.run("What is the word of PINE-41?");
      expectText(transcript(bench.requests[0]), "PINE-41", "the request, in what the model is sent");
      expectText(ended.stdout, "QX7-LANTERN", "the answer on stdout");
      expectEqual(ending(ended), "exit code 0", "its end");
    },
  },
  {
    id: "chat.piped",
    level: "core",
    title: "a request can be piped in",
    needs: [],
    form: "piped",
    hint: "Read stdin to its end when there is no request on the command line.",
    more: "A pipe may hold several lines: all of them are one request.",
    async run(bench) {
      await bench.serve(() => ({ text: "Read: OAK-12." }));
      const ended = await bench.run("", {
        command: bench.subject.setup.piped ?? "",
        input: "What is\nELM-93 in it?\n",
      });
      expectText(
        transcript(bench.requests[0]),
        /What is\nELM-93 in it\?/,
        "all lines of the pipe, in one request",
      );
      expectText(ended.stdout, "OAK-12", "the answer on stdout");
    },
  },
  {
    id: "chat.awkward-bytes",
    level: "core",
    title: "text arrives whole, wherever the network cuts it",
    needs: [],
    hint: "Keep the bytes of an unfinished character, line or event until the rest of it has come.",
    more: "Decode with a streaming decoder (in JavaScript new TextDecoder().decode(bytes, { stream: true })), split at line ends, and keep what follows the last one.",
    async run(bench) {
      const text = "naïve café · 数据流 · 👩‍👩‍👧 · data: [DONE] · the end";
      await bench.serve(() => ({ text }), { chunkBytes: "awkward", untilRead: true });
      const { stdout } = await bench.run("go");
      expectText(stdout.replaceAll(/\s+/g, " "), text, "the text, unbroken");
    },
  },
  {
    id: "chat.cut-reply",
    level: "core",
    title: "a reply that breaks off is not taken for a whole one",
    needs: [],
    mayBeRefused: true,
    hint: "End with a code other than 0 when the stream closes before the event that ends a reply.",
    more: "Each protocol says when a reply is done: response.completed, finish_reason, message_stop, finishReason, done. A closed connection says nothing.",
    async run(bench) {
      // The key fails on a second attempt, so that an agent which tries again comes to its end.
      await bench.serve((_, index) =>
        index === 0
          ? { text: "half of an answer", fault: { type: "cut_inside", at: "text" } }
          : { fault: badKey(bench) },
      );
      const ended = await bench.run("go");
      expectThat(bench.requests.length > 0, "a request", bench.requests.length);
      expectThat(ending(ended) !== "exit code 0", "an exit code other than 0", ending(ended));
    },
  },
  {
    id: "chat.server-fails",
    level: "core",
    title: "a service that always fails ends the agent, after a few attempts",
    needs: [],
    hint: "Give up after a bounded number of attempts, with a message and a code other than 0.",
    more: "Retry HTTP 429, 500, 502, 503, 504 and 529 a few times with growing pauses, honour Retry-After, then say what the service said.",
    async run(bench) {
      await bench.serve(() => ({ fault: failure(bench, 500, "it rains") }));
      expectFailure(await bench.start("go").end(pausing(bench), 15));
      expectThat(bench.requests.length <= 50, "at most 50 attempts", bench.requests.length);
    },
  },
  {
    id: "chat.bad-key",
    level: "core",
    title: "a refused key ends the agent at once, and the key is never shown",
    needs: [],
    hint: "Do not retry HTTP 401, and take keys out of what a service says before you print it.",
    more: "Services echo the key in their error. Replace each key that you know by asterisks in everything that is printed, logged or kept.",
    async run(bench) {
      await bench.serve(() => ({ fault: badKey(bench) }));
      const ended = await bench.run("go");
      expectFailure(ended);
      expectThat(
        bench.requests.length <= 10,
        "at most 10 requests with a key that is refused",
        bench.requests.length,
      );
      expectNoText(ended.stdout + ended.stderr, keysOf(bench), "output without the key");
    },
  },
  {
    id: "chat.interrupt",
    level: "core",
    title: "an interrupt ends a request that hangs, and not with exit code 0",
    needs: [],
    hint: "End on SIGINT also while you wait for the model.",
    more: "Abort the request, end what it started, and exit with 130, or let the signal end the process.",
    async run(bench) {
      await bench.serve(() => ({ text: "never", fault: { type: "stall", at: "headers" } }));
      const agent = bench.start("go");
      await waitFor("its request to the model", () => bench.requests.length > 0, bench.sign);
      agent.signal("SIGINT");
      const ended = await agent.end(bench.sign);
      expectThat(ending(ended) !== "exit code 0", "SIGINT, or an exit code such as 130", ending(ended));
    },
  },
  {
    id: "chat.recalls",
    level: "core",
    title: "in a conversation, each request holds everything that was said before",
    needs: [],
    form: "conversation",
    hint: "A model remembers nothing: send the whole conversation with each request.",
    more: "Append what the user and the model say to one list, and send that list each time.",
    async run(bench) {
      await bench.serve((_, index) => ({ text: index === 0 ? "Noted FIR-7." : "It was said." }));
      const terminal = await bench.converse(bench.subject.setup.conversation ?? "");
      await terminal.ask("My word is BIRCH-5.");
      await terminal.shows("FIR-7");
      await terminal.ask("What is my word?");
      await waitFor("the second request", () => bench.requests.length > 1, bench.sign);
      const said = transcript(bench.requests.at(-1));
      for (const words of ["BIRCH-5", "FIR-7", "What is my word?"])
        expectText(said, words, "what was said, in the last request");
    },
  },
  {
    id: "chat.stops-and-goes-on",
    level: "core",
    title: "in a conversation, Ctrl-C stops a reply, and the next request is valid",
    needs: [],
    form: "conversation",
    hint: "Abort the request on Ctrl-C, close what is unfinished in the conversation, and ask for the next line.",
    more: "A call without a result, or an empty message, makes the service refuse every request that follows.",
    async run(bench) {
      await bench.serve((_, index) =>
        index === 0
          ? { text: "a very long story", fault: { type: "stall", at: "text" } }
          : { text: "Short HAZEL-8." },
      );
      const terminal = await bench.converse(bench.subject.setup.conversation ?? "");
      await terminal.ask("Tell me a story.");
      await waitFor("its request to the model", () => bench.requests.length > 0, bench.sign);
      await within("the reply to stall", new Promise((resolve) => setTimeout(resolve, 300)));
      terminal.press(CTRL_C);
      await terminal.ask("Make it short.");
      await terminal.shows("HAZEL-8");
    },
  },
];

/** A sign of life of an agent that pauses between attempts, a minute at most: it grows as long as the pause may last. */
function pausing(bench: Bench): () => string {
  let asked = 0;
  let since = Date.now();
  return () => {
    if (bench.requests.length !== asked) since = Date.now();
    asked = bench.requests.length;
    return `${bench.sign()} ${Math.min(Math.floor((Date.now() - since) / 15_000), 3)}`;
  };
}

/** The key is in what the service says of it. */
const badKey = (bench: Bench): Fault =>
  failure(bench, 401, `Incorrect API key provided: ${keysOf(bench)[0] ?? ""}.`);

/** An error in the shape of the service that the agent speaks with. */
function failure({ subject }: Bench, status: number, message: string): Fault {
  const headers = { "retry-after-ms": "1", "retry-after": "0" };
  const type = status === 401 ? "authentication_error" : "api_error";
  const bodies: Readonly<Record<Dialect, unknown>> = {
    responses: { error: { message, type, param: null, code: null } },
    chat: { error: { message, type, param: null, code: null } },
    anthropic: { type: "error", error: { type, message } },
    gemini: { error: { code: status, message, status: status === 401 ? "UNAUTHENTICATED" : "INTERNAL" } },
    ollama: { error: message },
  };
  return { type: "http", status, headers, body: bodies[subject.dialect] };
}

function expectFailure(ended: Ended): void {
  expectThat(ending(ended) !== "exit code 0", "an exit code other than 0", ending(ended));
  const said = `${ended.stdout}${ended.stderr}`.trim();
  expectThat(said !== "", "a message that says what went wrong", said);
}
