import type { Dialect, RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/wire";
import { editFile, grep, readFile, runBash, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectText, expectThat } from "../expect.ts";
import { promptText, sharedStart } from "../prefix.ts";
import { resultsIn, transcript } from "../requests.ts";

const WINDOW = 16_000;
const STEPS = 300;

/** A session of a day is several processes, each of which goes on with it. */
const A_PROCESS = 50;

const FIRST = "Rename the old format everywhere. Remember: the new one is 2026-W47.";

/** Requests stay inside the model's window, however long the session. */
export const window: readonly Check[] = [
  check("8.long-session", "300 steps in a window of 16,000 tokens", async (bench) => {
    await bench.put(
      Object.fromEntries(Array.from({ length: 10 }, (_, file) => [nameOf(file), source(file)])),
    );
    const sent: RecordedRequest[] = [];
    let summaries = 0;
    await bench.serve((request): ScriptedReply => {
      if (isSummary(request)) {
        summaries++;
        return { text: summaryOf(request) };
      }
      sent.push(request);
      const step = sent.length - 1;
      return step % A_PROCESS === A_PROCESS - 1 ? { text: `Done up to ${step}.` } : { calls: [callAt(step)] };
    });
    const env = { EIGHTFOLD_CONTEXT: String(WINDOW) };
    for (let part = 0; part < STEPS / A_PROCESS; part++) {
      const words = part === 0 ? [FIRST] : ["--resume", "latest", `Go on with part ${part}.`];
      const { code } = await bench.run(words, { env });
      expectEqual(code, 0, `exit code of part ${part}`);
    }
    expectEqual(sent.length, STEPS, "requests for a reply");
    for (const [step, request] of sent.entries()) {
      resultsIn(request); // each call has its result, and each result its call
      expectKnown(request, step);
    }
    const sizes = sent.map(tokensOf);
    expectThat(Math.max(...sizes) <= WINDOW, `no request over ${WINDOW} tokens`, Math.max(...sizes));
    const work = newWork(sent);
    expectThat(summaries <= Math.ceil(work / 8_000), "one summary per 8,000 tokens of work at most", {
      summaries,
      work,
    });
    const share = meanShare(bench.subject.dialect, sent);
    expectThat(share >= 0.9, "requests that begin with the one before, to 0.9 on the average", share);
  }),

  check("8.overflow", "a request that is too long after all is made shorter, once", async (bench) => {
    await bench.put({ "a.txt": `${"one long line of it\n".repeat(300)}` });
    let refused = false;
    await bench.serve((request): ScriptedReply => {
      if (isSummary(request)) return { text: "## Goal\nRead a.txt.\n## Done\nIt was read." };
      const results = resultsIn(request);
      if (results.length < 3 && !refused)
        return { calls: [readFile("a.txt", { offset: 1 + results.length })] };
      if (refused) return { text: "On we go." };
      refused = true;
      return { fault: { type: "refusal", name: "context_too_long" } };
    });
    const { code, stdout } = await bench.run(["read a.txt"]);
    expectEqual(code, 0, "exit code");
    expectText(stdout, "On we go.", "the answer");
    const sizes = bench.requests.filter((request) => !isSummary(request)).map(tokensOf);
    expectThat((sizes.at(-1) ?? 0) < (sizes.at(-2) ?? 0), "a smaller request after the refusal", sizes);
  }),

  check(
    "8.overflow-for-good",
    "a request that is always too long ends the turn: nothing runs in circles",
    async (bench) => {
      await bench.put({ "a.txt": "one long line of it\n".repeat(300) });
      await bench.serve((request): ScriptedReply => {
        const results = isSummary(request) ? [] : resultsIn(request);
        if (!isSummary(request) && results.length < 2 && bench.requests.length < 4) {
          return { calls: [readFile("a.txt", { offset: 1 + results.length })] };
        }
        return { fault: { type: "refusal", name: "context_too_long" } };
      });
      const { code } = await bench.run(["read a.txt"]);
      expectEqual(code, 1, "exit code");
      expectThat(bench.requests.length <= 8, "a handful of requests", bench.requests.length);
    },
  ),

  check("8.too-long-request", "a request that is too long does not end the conversation", async (bench) => {
    await bench.serve((request): ScriptedReply => {
      if (isSummary(request)) return { text: "## Goal\nRead a log." };
      return request.raw.length > 300_000
        ? { fault: { type: "refusal", name: "context_too_long" } }
        : { text: "Yes." };
    });
    const ask = async (input: string, wanted: number, words: readonly string[] = ["--resume", "latest"]) => {
      const { code } = await bench.run(words, { input, env: { EIGHTFOLD_CONTEXT: "128000" } });
      expectEqual(code, wanted, `exit code of ${JSON.stringify(input.slice(0, 20))}`);
    };
    const log = "a line of a log of some forty characters\n";
    await ask("hello", 0, []);
    await ask(log.repeat(10_000), 1); // smaller than the window is said to be, and larger than it is
    await ask("hi again", 0);
    await ask(log.repeat(10_000), 1);
    await ask("/compact", 0);
    await ask("and now", 0);
  }),

  check("8.larger-than-the-window", "a request that no window takes is not sent, nor kept", async (bench) => {
    await bench.serve(() => ({ text: "Yes." }));
    const env = { EIGHTFOLD_CONTEXT: "128000" };
    await bench.run(["hello"], { env });
    const input = "a line of a log of some forty characters\n".repeat(18_000);
    const { code, stderr } = await bench.run(["--resume", "latest"], { input, env });
    expectEqual(code, 1, "exit code");
    expectText(stderr, /\d{2,3},\d{3} tokens/, "what is said of it");
    expectEqual(bench.requests.length, 1, "requests that were sent");
    await bench.run(["--resume", "latest", "is all well?"], { env });
    const last = bench.requests.at(-1)?.raw.length ?? 0;
    expectThat(last < 100_000, "a last request without any of that", last);
  }),

  check("8.shows-the-window", "/context shows what fills the window", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    await bench.serve([{ calls: [readFile("a.txt")] }, { text: "It says one." }]);
    const terminal = await bench.converse();
    await terminal.ask("What is in a.txt?");
    await terminal.shows("It says one.");
    await terminal.ask("/context");
    for (const word of ["system", "results", "free"]) await terminal.shows(word);
  }),

  check("8.shows-the-memory", "/memory shows what outlives a summary", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    await bench.serve([
      { calls: [readFile("a.txt"), { name: "note", input: { text: "The format is 2026-W47." } }] },
      { text: "Noted." },
    ]);
    const terminal = await bench.converse();
    await terminal.ask("Remember the format.");
    await terminal.shows("Noted.");
    await terminal.prompt();
    const before = terminal.screen.length;
    await terminal.ask("/memory");
    await terminal.prompt();
    const said = terminal.screen.slice(before);
    for (const word of ["Remember the format.", "The format is 2026-W47.", "a.txt"])
      expectText(said, word, "what /memory says");
  }),
];

const nameOf = (file: number) => `src/file-${file}.txt`;
const source = (file: number) =>
  Array.from({ length: 60 }, (_, line) => `format ${file}.${line} of old;`).join("\n");
const markOf = (step: number) => `mark-${step}-ends`;

/** What a model does at a step: it reads, edits, tries and searches, now and then with far too much output. */
function callAt(step: number): ScriptedCall {
  if (step % A_PROCESS === 0) return readFile("log.txt"); // another process has not read it yet
  switch (step % 4) {
    case 0:
      return readFile(nameOf((step * 7) % 10));
    case 1:
      return writeOrEdit(step);
    case 2:
      return runBash(step % 40 === 2 ? "seq 1 20000" : `seq ${step} ${step + 200}`);
    default:
      return grep(`format \\d+\\.${step % 60} `);
  }
}

/** A new file, and then edits at its end: each leaves its mark. */
function writeOrEdit(step: number): ScriptedCall {
  if (step === 1) return writeFile("log.txt", `${markOf(1)}\n`);
  const last = lastEditBefore(step);
  return editFile("log.txt", markOf(last), `${markOf(last)}\n${"done ".repeat(40)}${markOf(step)}`);
}

/** Steps that edit are those of callAt that are no other. */
function lastEditBefore(step: number): number {
  let last = step - 1;
  while (last > 1 && (last % 4 !== 1 || last % A_PROCESS === A_PROCESS - 1)) last--;
  return last;
}

/** A summary that keeps what a careful model would: the last edits that it was shown. */
function summaryOf({ view }: RecordedRequest): string {
  const given = view.messages.map(({ text }) => text).join("\n");
  const edits = [...new Set(given.match(/mark-\d+-ends/g))].slice(-10);
  return `## Goal\nThe format 2026-W47.\n## Done\n${edits.join("\n")}`;
}

/** Only a request for a summary offers no tools. */
const isSummary = ({ view }: RecordedRequest) => view.tools.length === 0;

function expectKnown(request: RecordedRequest, step: number): void {
  const said = JSON.stringify(request.view.messages);
  expectThat(said.includes("2026-W47"), "the first request, in every one", transcript(request).slice(0, 500));
  if (step <= 1) return;
  const edit = markOf(lastEditBefore(step));
  expectThat(said.includes(edit), `the latest edit, ${edit}, in request ${step}`, said.slice(-500));
}

/** Four characters a token. */
function tokensOf({ view }: RecordedRequest): number {
  return Math.ceil(JSON.stringify([view.system, view.tools, view.messages]).length / 4);
}

/** The tokens that came in after the first request, however often they were sent. */
function newWork(sent: readonly RecordedRequest[]): number {
  const seen = new Set(sent.flatMap(({ view }) => view.messages.map((message) => JSON.stringify(message))));
  return [...seen].reduce((sum, message) => sum + message.length / 4, 0);
}

/** How much of a request is what the one before was, on the average. */
function meanShare(dialect: Dialect, sent: readonly RecordedRequest[]): number {
  const texts = sent.map((request) => promptText(dialect, request));
  const shares = texts.slice(1).map((text, index) => {
    const before = texts[index] ?? "";
    return sharedStart(before, text) / before.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
