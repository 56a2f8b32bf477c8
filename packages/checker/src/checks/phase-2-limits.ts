import { readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectText } from "../expect.ts";
import { lastUserText, resultsIn } from "../requests.ts";

/** A turn that would never end. */
export const limits: readonly Check[] = [
  check("2.step-limit", "--max-steps ends a turn, with a word about it and exit code 3", async (bench) => {
    await bench.put({ "0.txt": "zero\n", "1.txt": "one\n", "2.txt": "two\n" });
    const wire = await bench.serve((_, index) => ({ calls: [readFile(`${index}.txt`)] }));
    const { code, stderr } = await bench.run(["--max-steps", "3", "go"]);
    expectEqual(code, 3, "exit code");
    expectText(stderr, /limit/, "a message");
    expectEqual(wire.requests.length, 3, "requests");
    expectEqual(resultsIn(wire.requests.at(-1)).length, 2, "the results that the last request brings");
  }),

  check("2.step-limit-goes-on", "after the step limit the conversation goes on", async (bench) => {
    await bench.put({ "0.txt": "zero\n", "1.txt": "one\n" });
    const wire = await bench.serve((request, index) =>
      lastUserText(request).includes("And now?")
        ? { text: "On we go." }
        : { calls: [readFile(`${index}.txt`)] },
    );
    const terminal = await bench.converse(["--max-steps=2"]);
    await terminal.ask("Count.");
    await terminal.shows("limit");
    await terminal.ask("And now?");
    await terminal.shows("On we go.");
    expectEqual(wire.requests.length, 3, "requests");
    expectEqual(resultsIn(wire.requests.at(-1)).length, 2, "the results that the model gets");
  }),

  check("2.bad-step-limit", "a step limit that is no whole number from 1 is wrong usage", async (bench) => {
    const wire = await bench.serve(() => ({ text: "hello" }));
    for (const wrong of ["0", "-1", "1.5", "many", ""]) {
      const { code, stderr } = await bench.run([`--max-steps=${wrong}`, "go"]);
      expectEqual(code, 2, `exit code of --max-steps=${wrong}`);
      expectText(stderr, "max-steps", "a message");
    }
    expectEqual(wire.requests.length, 0, "requests");
  }),
];
