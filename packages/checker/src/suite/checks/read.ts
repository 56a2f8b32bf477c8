import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expectEqual, expectNoText, expectText, expectThat } from "../../expect.ts";
import { waitFor } from "../../wait.ts";
import { ending } from "../agent.ts";
import type { Bench } from "../bench.ts";
import type { AgentCheck } from "../check.ts";
import { calls, expectPairs } from "../dialogue.ts";

/** The loop: a call is run, its result goes back, and nothing that the model says ends it. */
export const read: readonly AgentCheck[] = [
  {
    id: "read.reads",
    level: "core",
    title: "a file that the model asks for comes back in the next request",
    needs: ["reading"],
    hint: "Run the call, append its result to the conversation, and ask the model again.",
    more: "Keep on asking until a reply has no calls. The last reply's text is the answer.",
    async run(bench) {
      await bench.put({ "notes.txt": "one\nCEDAR-77\nthree\n" });
      const [[text] = []] = await calls(bench, [bench.reading("notes.txt")]);
      expectText(text, "CEDAR-77", "the file's text in the result");
    },
  },
  {
    id: "read.several-calls",
    level: "core",
    title: "each of several calls in one reply gets one result",
    needs: ["reading"],
    hint: "Answer every call of a reply before the next request, a failed one too.",
    more: "Services refuse a conversation in which a call has no result, or a result no call.",
    async run(bench) {
      await bench.put({ "a.txt": "ASH-1\n", "c.txt": "YEW-3\n" });
      const three = ["a.txt", "b.txt", "c.txt"].map((path) => bench.reading(path));
      const [results = []] = await calls(bench, three);
      expectEqual(results.length, 3, "results");
      expectText(results[0], "ASH-1", "the first result");
      expectText(results[2], "YEW-3", "the third result");
      expectNoText(results[1], ["ASH-1", "YEW-3"], "the result for a file that does not exist");
    },
  },
  {
    id: "read.unknown-tool",
    level: "core",
    title: "a call of a tool that does not exist is answered, and the turn goes on",
    needs: ["reading"],
    hint: "Answer it with a result that says which tools there are.",
    more: "Models invent names. The next reply is usually right, if the result says what is wrong.",
    async run(bench) {
      const [[text] = []] = await calls(bench, [{ name: "no_such_tool_at_all", input: { path: "a" } }]);
      expectThat((text ?? "").trim() !== "", "a result that says what is wrong", text);
    },
  },
  {
    id: "read.wrong-arguments",
    level: "core",
    title: "calls with arguments that are missing, or wrong, are answered",
    needs: ["reading"],
    hint: "Check the arguments before you run a call, and answer a wrong call with what is wrong.",
    more: "Arguments may be missing, have another type, or be no JSON at all.",
    async run(bench) {
      await bench.put({ "a.txt": "LARCH-4\n" });
      const right = bench.reading("a.txt");
      const { name } = right;
      const wrong = [
        { name, input: {} },
        { name, input: withNumbers(right.input) },
      ];
      const broken = writesText(bench) ? [{ name, rawArguments: '{"path": "a.t' }] : [];
      const [, [text] = []] = await calls(bench, [...wrong, ...broken], [right]);
      expectText(text, "LARCH-4", "the result of the right call after them");
    },
  },
  {
    id: "read.same-id",
    level: "core",
    title: "a model that gives two calls one id gets both results",
    needs: ["reading"],
    // Anthropic's service gives no id twice, and refuses a request that does.
    dialects: ["responses", "chat", "gemini", "ollama"],
    hint: "Do not keep calls or results in a map by the model's id.",
    more: "Some servers number the calls of each reply from the start again.",
    async run(bench) {
      await bench.put({ "a.txt": "ALDER-1\n", "b.txt": "ALDER-2\n" });
      const call = (path: string) => ({ ...bench.reading(path), id: "call_1" });
      const [[one] = [], [two] = []] = await calls(bench, [call("a.txt")], [call("b.txt")]);
      expectText(one, "ALDER-1", "the first result");
      expectText(two, "ALDER-2", "the second result");
    },
  },
  {
    id: "read.big-file",
    level: "core",
    title: "a file of 8 MB makes no request of more than 1 MB",
    needs: ["read"],
    hint: "Cut what a tool returns to some limit, and say in the result how to get the rest.",
    more: "A context window is a few hundred kilobytes. One large file fills it, and ends the conversation.",
    async run(bench) {
      await bench.put({ "big.txt": "a line of a large file that nobody needs whole\n".repeat(180_000) });
      await calls(bench, [bench.call("read", { path: "big.txt" })]);
      const size = bench.requests.at(-1)?.raw.length ?? 0;
      expectThat(size < 1_000_000, "a request of less than 1,000,000 characters", size);
    },
  },
  {
    id: "read.pipe",
    level: "core",
    title: "reading a named pipe does not hang the agent",
    needs: ["read"],
    hint: "Look at what a path is before you open it: only regular files end.",
    more: "Opening a named pipe waits for a writer, and /dev/zero has no end. Refuse what is not a regular file, or set a time limit.",
    async run(bench) {
      await promisify(execFile)("mkfifo", [join(bench.folder, "pipe")]);
      const [[text] = []] = await calls(bench, [bench.call("read", { path: "pipe" })]);
      expectThat(text !== undefined, "a result", text);
    },
  },
  {
    id: "read.cut-off-call",
    level: "core",
    title: "a call that the length limit cut off is never run",
    needs: ["write"],
    hint: "Look at why a reply ended before you run its calls, and never repair JSON that is incomplete.",
    more: "The reply says so itself: finish_reason length (Chat), status incomplete (Responses), stop_reason max_tokens (Messages), finishReason MAX_TOKENS (Gemini), done_reason length (Ollama). Its last call may hold half of its arguments, and a lenient parser makes a whole object of them. Answer it with an error.",
    async run(bench) {
      const call = bench.call("write", { path: "cut.txt", content: "a line of the file\n".repeat(20) });
      await bench.serve((_, index) => (index === 0 ? { calls: [call], stop: "length" } : { text: "done" }));
      await bench.run("Please write the file.");
      expectThat(bench.requests.length > 0, "a request", bench.requests.length);
      const written = await bench.bytes("cut.txt").catch(() => undefined);
      expectThat(written === undefined, "no file written by a call that was cut off", written?.toString());
    },
  },
  {
    id: "read.long-turn",
    level: "core",
    title: "twelve steps in a row keep every call and its result",
    needs: ["reading"],
    hint: "Append; never rewrite or drop what was said in this turn.",
    more: "Clearing old results is fine, as long as each call keeps a result.",
    async run(bench) {
      const names = Array.from({ length: 12 }, (_, index) => `f${index}.txt`);
      await bench.put(Object.fromEntries(names.map((name, index) => [name, `ROWAN-${index}\n`])));
      const steps = names.map((path) => [bench.reading(path)]);
      const results = await calls(bench, ...steps);
      for (const [index, [text] = []] of results.entries())
        expectText(text, `ROWAN-${index}`, `result ${index + 1}`);
      expectPairs(bench.requests.at(-1), names.length);
    },
  },
  {
    id: "read.step-limit",
    level: "policy",
    title: "a model that never stops calling is stopped, at the latest after 200",
    needs: ["reading"],
    hint: "Count the replies of a turn, and stop at a limit.",
    more: "A model in a loop costs money until somebody notices.",
    async run(bench) {
      await bench.put({ "a.txt": "again\n" });
      await bench.serve(() => ({ calls: [bench.reading("a.txt")] }));
      const agent = bench.start("go");
      let hasEnded = false;
      const end = agent.end(bench.sign).finally(() => {
        hasEnded = true;
      });
      await waitFor(
        "its end, or 200 requests",
        () => hasEnded || bench.requests.length > 200,
        () => bench.requests.length,
      );
      expectThat(hasEnded, "an end before 200 requests", bench.requests.length);
      const ended = await end;
      expectThat(ending(ended) !== "exit code 0", "an exit code other than 0", ending(ended));
    },
  },
  {
    id: "read.stays-inside",
    level: "policy",
    title: "no path leads out of the workspace",
    needs: ["read"],
    hint: "Resolve a path, links included, and compare it with the workspace's real path.",
    more: "A string that begins with the workspace's path proves nothing: `..`, links and /proc lead out of it.",
    async run(bench) {
      const secret = "SECRET-OF-THE-NEIGHBOUR";
      await bench.put({ "../outside/secret.txt": secret });
      await promisify(execFile)("ln", ["-s", "../outside/secret.txt", join(bench.folder, "link.txt")]);
      const ways = ["../outside/secret.txt", join(bench.folder, "../outside/secret.txt"), "link.txt"];
      const [results = []] = await calls(
        bench,
        ways.map((path) => bench.call("read", { path })),
      );
      for (const text of results) expectNoText(text, [secret], "a refusal to read a file outside");
    },
  },
];

/** In these protocols the model writes the arguments of a call as text, and may write anything. */
function writesText({ subject }: Bench): boolean {
  return subject.dialect === "responses" || subject.dialect === "chat";
}

function withNumbers(input: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.keys(input).map((key) => [key, 5]));
}
