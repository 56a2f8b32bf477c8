import type { RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/wire";
import { grep, readFile, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { resultsIn } from "../requests.ts";
import type { Workbench } from "../workbench.ts";

const delegate = (task: string, max_steps?: number): ScriptedCall => ({
  name: "delegate",
  input: { task, ...(max_steps !== undefined && { max_steps }) },
});

/** The task that a request is about: a helper's conversation begins with it. */
const isAbout = ({ view }: RecordedRequest, task: string) => view.messages[0]?.text.includes(task) ?? false;

const hasResults = ({ view }: RecordedRequest) => view.messages.some(({ role }) => role === "tool");

/** Helpers: agents with a conversation of their own, inside the budget of the one that sends them. */
export const helpers: readonly Check[] = [
  check("8.delegates", "a helper reads for itself, and only its report comes back", async (bench) => {
    await bench.put({ "a.txt": "the very long middle of a file\n" });
    await withHelpers(bench, [delegate("TASK-A: what is in a.txt?")], (request) =>
      hasResults(request) ? { text: "It is about a middle." } : { calls: [readFile("a.txt")] },
    );
    const { code } = await bench.run(["go"]);
    expectEqual(code, 0, "exit code");
    const last = bench.requests.at(-1);
    expectText(resultsIn(last)[0], "It is about a middle.", "the report");
    expectNoText(last?.raw, ["the very long middle"], "the parent's request");
    const helper = bench.requests.find((request) => isAbout(request, "TASK-A"));
    expectNoText(helper?.raw, ["the parent's own words"], "the helper's request");
  }),

  check("8.side-by-side", "delegates of one reply work at the same time", async (bench) => {
    const tasks = ["TASK-A", "TASK-B", "TASK-C"];
    const together = Promise.withResolvers<void>();
    const begun = new Set<string>();
    // No helper is answered before all three have asked: one after the other would wait for ever.
    await withHelpers(
      bench,
      tasks.map((task) => delegate(task)),
      async (request) => {
        const task = tasks.find((each) => isAbout(request, each)) ?? "";
        begun.add(task);
        if (begun.size === tasks.length) together.resolve();
        await together.promise;
        return { text: `The report of ${task}.` };
      },
    );
    const { code } = await bench.run(["go"]);
    expectEqual(code, 0, "exit code");
    expectEqual(
      resultsIn(bench.requests.at(-1)).map((text) => tasks.find((task) => text.includes(task))),
      tasks,
      "the reports, in the order of the calls",
    );
  }),

  check("8.helper-changes-nothing", "a helper has no way to change files", async (bench) => {
    await withHelpers(bench, [delegate("TASK-A")], (request) =>
      hasResults(request)
        ? { text: "I could not." }
        : { calls: [writeFile("a.txt", "one\n"), { name: "run_bash", input: { command: "touch b.txt" } }] },
    );
    await bench.run(["go"]);
    const refused = bench.requests.findLast((request) => isAbout(request, "TASK-A"));
    expectEqual(resultsIn(refused).length, 2, "results of what it tried");
    expectText(resultsIn(bench.requests.at(-1))[0], "I could not.", "the report");
    for (const name of ["a.txt", "b.txt"]) {
      const file = await bench.read(name).catch(() => undefined);
      expectThat(file === undefined, `no file ${name}`, "it is there");
    }
    const helper = bench.requests.find((request) => isAbout(request, "TASK-A"));
    const names = helper?.view.tools.map(({ name }) => name) ?? [];
    expectThat(
      !names.includes("write_file") && !names.includes("delegate"),
      "a helper that only reads",
      names,
    );
  }),

  check("8.helper-fails", "a helper that fails, or never ends, is a result", async (bench) => {
    const calls = [delegate("TASK-A"), delegate("TASK-B", 2)];
    let asked = 0;
    await withHelpers(
      bench,
      calls,
      (request): ScriptedReply =>
        isAbout(request, "TASK-A")
          ? { fault: { type: "refusal", name: "bad_request" } }
          : { text: "Still looking.", calls: [grep(`word${asked++}`)] },
    );
    const { code } = await bench.run(["go"]);
    expectEqual(code, 0, "exit code");
    const [failed, endless] = resultsIn(bench.requests.at(-1));
    expectText(failed, /fail/i, "the result of the one that failed");
    expectText(endless, /repl|step|limit/i, "the result of the one without end");
    expectEqual(asked, 2, "replies that the endless one was given");
  }),

  check("8.one-budget", "what helpers take is taken from the turn's own steps", async (bench) => {
    let asked = 0;
    await withHelpers(bench, [delegate("TASK-A", 10)], () => ({ calls: [grep(`word${asked++}`)] }));
    const { code } = await bench.run(["--max-steps", "4", "go"]);
    expectEqual(code, 3, "exit code");
    expectEqual(bench.requests.length, 4, "requests");
  }),
];

/** A model that makes these calls for the user, and is `helper` for whoever it sends. */
function withHelpers(
  bench: Workbench,
  calls: readonly ScriptedCall[],
  helper: (request: RecordedRequest) => ScriptedReply | Promise<ScriptedReply>,
) {
  return bench.serve((request) => {
    if (["TASK-A", "TASK-B", "TASK-C"].some((task) => isAbout(request, task))) return helper(request);
    return hasResults(request) ? { text: "done" } : { text: "the parent's own words", calls };
  });
}
