import { constants } from "node:os";
import type { Fault, ScriptedReply } from "@eightfold/wire";
import type { Ended } from "../agent-process.ts";
import { CTRL_C, CTRL_D } from "../agent-terminal.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { expectPrefix, transcript } from "../requests.ts";
import { waitFor, within } from "../wait.ts";
import type { Workbench } from "../workbench.ts";

/** A conversation that is kept and sent again, one-shot and in a terminal, interrupted, and with a service that fails. */
export const phase1: readonly Check[] = [
  check("1.answers", "the answer is on stdout, and a banner on stderr names the model", async (bench) => {
    const wire = await bench.serve([{ text: "All is well." }], { model: "answerer-7" });
    const { stdout, stderr, code } = await bench.run(["How", "are you?"]);
    expectEqual(code, 0, "exit code");
    expectEqual(stdout, "All is well.\n", "stdout");
    expectText(stderr, "answerer-7", "a banner on stderr");
    expectText(
      transcript(wire.requests[0]),
      /^user: .*How are you\?$/s,
      "the words of the command line, sent",
    );
  }),

  check("1.piped-request", "a request can be piped in", async (bench) => {
    const wire = await bench.serve([{ text: "Read." }]);
    const { stdout, code } = await bench.run([], { input: "What is\nin this pipe?\n" });
    expectEqual(code, 0, "exit code");
    expectEqual(stdout, "Read.\n", "stdout");
    expectText(
      transcript(wire.requests[0]),
      /^user: .*What is\nin this pipe\?\s*$/s,
      "the text of the pipe, sent",
    );
  }),

  check("1.awkward-chunks", "text arrives whole, wherever the network cuts it", async (bench) => {
    const text = "naïve café · 数据流 · 👩‍👩‍👧 and 🇫🇷 · data: [DONE] · \\u00e9 · the end";
    await bench.serve([{ text }], { chunkBytes: "awkward", untilRead: true });
    const { stdout } = await bench.run(["go"]);
    expectEqual(stdout, `${text}\n`, "stdout");
  }),

  check("1.streams", "text is shown as it comes, before the reply is complete", async (bench) => {
    await bench.serve([{ text: "early words, and late ones", fault: { type: "stall", at: "text" } }]);
    const agent = bench.start(["go"]);
    await waitFor("the first words of an unfinished reply on stdout", () => agent.stdout.includes("early"));
  }),

  check(
    "1.recalls",
    "each turn resends all before it, byte for byte, so the model recalls",
    async (bench) => {
      const wire = await bench.serve(({ view }, index) => {
        const name = /My name is (\w+)/.exec(view.messages.map(({ text }) => text).join("\n"))?.[1];
        return { text: index === 0 ? "Good to know." : `You are ${name ?? "unknown to me"}.` };
      });
      const terminal = await bench.converse();
      await terminal.ask("My name is Ada.");
      await terminal.shows("Good to know.");
      await terminal.ask("Who am I?");
      await terminal.shows("You are");
      await terminal.prompt();
      expectText(terminal.screen, "You are Ada.", "an answer that knows the name");
      terminal.press(CTRL_D);
      expectEqual(await terminal.end(), 0, "exit code after Ctrl-D");
      const turns = /^user: .*My name is Ada\.\nassistant: Good to know\.\nuser: .*Who am I\?$/s;
      expectText(transcript(wire.requests[1]), turns, "all that was said, in the second request");
      expectPrefix(wire.requests[0], wire.requests[1]);
    },
  ),

  check("1.ctrl-c", "Ctrl-C stops a reply, and the conversation goes on", async (bench) => {
    const wire = await bench.serve([
      { text: "a very long story", fault: { type: "stall", at: "text" } },
      { text: "Short then." },
    ]);
    const terminal = await bench.converse();
    await terminal.ask("Tell me a story.");
    await terminal.shows("a very");
    terminal.press(CTRL_C);
    await terminal.ask("Make it short.");
    await terminal.shows("Short then.");
    expectThat(
      wire.requests[0]?.closedEarly === true,
      "the first request closed by the agent",
      wire.requests[0],
    );
    const both = /^user: .*Tell me a story\..*Make it short\.$/s;
    expectText(transcript(wire.requests[1]), both, "the stopped request and the new one");
  }),

  check(
    "1.ctrl-c-while-waiting",
    "Ctrl-C also stops the wait before another attempt",
    async (bench) => {
      const wire = await bench.serve((_, index) =>
        index === 0 ? { fault: { type: "rate_limit", hint: "text", seconds: 50 } } : { text: "At last." },
      );
      const terminal = await bench.converse();
      await terminal.ask("Are you there?");
      await waitFor("a request", () => wire.requests.length === 1);
      await within("its answer", wire.requests[0]?.closed ?? Promise.resolve());
      terminal.press(CTRL_C);
      await terminal.ask("And now?");
      await terminal.shows("At last.");
    },
    { ours: true },
  ),

  check("1.second-ctrl-c", "Ctrl-C twice at the prompt leaves", async (bench) => {
    await bench.serve([{ text: "a very long story", fault: { type: "stall", at: "text" } }]);
    const terminal = await bench.converse();
    await terminal.ask("Tell me a story.");
    await terminal.shows("a very");
    terminal.press(CTRL_C);
    await terminal.prompt();
    terminal.press(CTRL_C + CTRL_C); // one may be enough: it says 130 then, as shells do
    const code = await terminal.end();
    expectThat(code === 0 || code === 130, "exit code 0 or 130", code);
  }),

  check("1.sigint", "an interrupt ends a one-shot request at once, with exit code 130", async (bench) => {
    const wire = await bench.serve([{ text: "never", fault: { type: "stall", at: "headers" } }]);
    const agent = bench.start(["go"]);
    await waitFor("a request", () => wire.requests.length === 1);
    agent.signal("SIGINT");
    const ended = await agent.end();
    expectEqual(ended.code, 130, "exit code");
    expectEqual(ended.stdout.trim(), "", "stdout");
    expectNoStack(ended);
  }),

  check("1.cut-stream", "a reply that breaks off is not taken for a whole one", async (bench) => {
    // The key fails on a second attempt, so that an agent which tries again comes to its end.
    const replies: ScriptedReply[] = [
      { text: "half of an answer", fault: { type: "cut", at: "text" } },
      { fault: refusedKey(bench) },
    ];
    await bench.serve(replies);
    expectFailure(await bench.run(["go"]), /./);
  }),

  check("1.server-error", "a service that fails gives one clear message, and exit code 1", async (bench) => {
    const headers = { "retry-after-ms": "1", "retry-after": "0" };
    await bench.serve(() => ({
      fault: { type: "http", status: 500, body: { error: { message: "boom" } }, headers },
    }));
    expectFailure(await bench.run(["go"]), /500|server|boom/i);
  }),

  check("1.bad-key", "a refused key gives one clear message, and exit code 1", async (bench) => {
    const wire = await bench.serve(() => ({ fault: refusedKey(bench) }));
    expectFailure(await bench.run(["go"]), /key|401|unauthori[sz]ed|authentication/i);
    expectEqual(wire.requests.length, 1, "requests with a key that is refused");
  }),

  check(
    "1.unknown-flag",
    "an unknown flag is named, and exits with code 2 before anything is sent",
    async (bench) => {
      const wire = await bench.serve([{ text: "hello" }]);
      const ended = await bench.run(["--colour-of-the-sky", "go"]);
      expectEqual(ended.code, 2, "exit code");
      expectText(ended.stderr, "colour-of-the-sky", "stderr");
      expectNoStack(ended);
      expectEqual(wire.requests.length, 0, "requests");
    },
  ),

  check("1.closed-pipe", "a reader that leaves early (`| head -1`) is no error", async (bench) => {
    const wire = await bench.serve([{ text: "line\n".repeat(2000) }], { chunkBytes: 4000 });
    const agent = bench.start(["go"]);
    agent.hangUp();
    const ended = await agent.end();
    expectEqual(wire.requests.length, 1, "requests");
    const quiet =
      [0, 130, 128 + constants.signals.SIGPIPE].includes(ended.code ?? -1) || ended.signal === "SIGPIPE";
    expectThat(quiet, "exit code 0, or that of a turn which was stopped", ended.code);
    expectNoText(ended.stderr, ["EPIPE", "Broken pipe"], "stderr");
    expectNoStack(ended);
  }),
];

/** Only Ollama has no keys; something before it may ask for one. */
function refusedKey({ subject }: Workbench): Fault {
  if (subject.dialect !== "ollama") return { type: "refusal", name: "bad_key" };
  return { type: "http", status: 401, body: { error: "unauthorized" } };
}

/** Expects exit code 1, and a short message that says what went wrong. */
function expectFailure(ended: Ended, message: RegExp): void {
  expectEqual(ended.code, 1, "exit code");
  expectText(ended.stderr, message, "a message on stderr");
  const lines = ended.stderr.split("\n").filter((line) => line.trim() !== "");
  expectThat(lines.length <= 16, "a message of a few lines", ended.stderr);
  expectNoStack(ended);
}

/** As Node, Python, Go, Rust and the JVM print them. */
function expectNoStack({ stderr }: Ended): void {
  const stacks = [
    /^\s+at .*:\d+/m,
    /^Traceback \(most recent/m,
    /^goroutine \d+/m,
    /\bpanicked at\b/,
    /^\s+at .*\.java/m,
  ];
  expectNoText(stderr, stacks, "stderr, free of a stack trace");
}
