import { runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { lastUserText, resultsIn } from "../requests.ts";

/** A turn that would never end: the limit of steps, and a model that repeats itself. */
export const limits: readonly Check[] = [
  check("6.step-limit", "--max-steps ends a turn, with a word about it and exit code 3", async (bench) => {
    const wire = await bench.serve((_, index) => ({ calls: [runBash(`echo ${index} >> steps.txt`)] }));
    const { code, stderr } = await bench.run(["--max-steps", "3", "go"]);
    expectEqual(code, 3, "exit code");
    expectText(stderr, /limit/, "a message");
    expectEqual(wire.requests.length, 3, "requests");
    expectEqual((await bench.read("steps.txt")).toString(), "0\n1\n2\n", "what the three replies called for");
  }),

  check("6.step-limit-goes-on", "after the step limit the conversation goes on", async (bench) => {
    const wire = await bench.serve((request, index) =>
      lastUserText(request).includes("And now?")
        ? { text: "On we go." }
        : { calls: [runBash(`echo ${index}`)] },
    );
    const terminal = await bench.converse(["--max-steps=2"]);
    await terminal.ask("Count.");
    await terminal.shows("limit");
    await terminal.ask("And now?");
    await terminal.shows("On we go.");
    expectEqual(wire.requests.length, 3, "requests");
    expectEqual(resultsIn(wire.requests.at(-1)).length, 2, "the results that the model gets");
  }),

  check("6.bad-step-limit", "a step limit that is no whole number from 1 is wrong usage", async (bench) => {
    const wire = await bench.serve(() => ({ text: "hello" }));
    for (const wrong of ["0", "-1", "1.5", "many", ""]) {
      const { code, stderr } = await bench.run([`--max-steps=${wrong}`, "go"]);
      expectEqual(code, 2, `exit code of --max-steps=${wrong}`);
      expectText(stderr, "max-steps", "a message");
    }
    expectEqual(wire.requests.length, 0, "requests");
  }),

  check("6.repeats", "the same call and result, three times: a nudge, and then the end", async (bench) => {
    const wire = await bench.serve(() => ({ calls: [runBash("echo the same")] }));
    const { code, stderr } = await bench.run(["go"]);
    expectEqual(code, 3, "exit code");
    expectText(stderr, /repeat/, "a message");
    expectEqual(wire.requests.length, 4, "requests");
    const [first = "", second, third = ""] = resultsIn(wire.requests.at(-1));
    expectEqual(second, first, "the second result");
    expectThat(
      third.startsWith(first) && third.length > first.length,
      "a third result that says more",
      third,
    );
  }),

  check("6.heeds-a-nudge", "a model that then does something else goes on", async (bench) => {
    const again = [runBash("echo the same")];
    const other = [runBash("echo another")];
    const replies = [again, again, again, other, again, again, again, other].map((calls) => ({
      calls,
    }));
    await bench.serve([...replies, { text: "Well." }]);
    const { code, stdout } = await bench.run(["go"]);
    expectEqual(code, 0, "exit code");
    expectText(stdout, "Well.", "the answer");
  }),

  check("6.polls", "waiting for a result that changes is no repetition", async (bench) => {
    const poll = { calls: [runBash("echo . >> n; wc -l < n")] };
    await bench.serve([...Array.from({ length: 12 }, () => poll), { text: "There it is." }]);
    const { code } = await bench.run(["go"]);
    expectEqual(code, 0, "exit code");
    const results = resultsIn(bench.requests.at(-1));
    expectEqual(results.length, 12, "results");
    for (const text of results) expectNoText(text, [/same/], "a result without a nudge");
  }),
];
