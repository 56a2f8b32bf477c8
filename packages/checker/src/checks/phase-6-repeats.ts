import { runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { resultsIn } from "../requests.ts";

/** A model that repeats itself. */
export const repeats: readonly Check[] = [
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
