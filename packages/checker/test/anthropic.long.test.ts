import type { RecordedRequest, Script, ScriptedCall } from "@eightfold/wire";
import { expect, test } from "vitest";
import { phaseSubject } from "../src/index.ts";
import { callsIn, resultsIn } from "../src/requests.ts";
import { withWorkbench } from "../src/workbench.ts";

/** What "run the tests and fix what fails" comes to, as far as a phase has the tools. */
const steps: readonly (readonly ScriptedCall[])[] = [
  [
    { name: "run_bash", input: { command: "sh test.sh" } },
    { name: "read_file", input: { path: "grüße.txt" } },
    { name: "read_file", input: { path: "test.sh" } },
  ],
  [
    {
      name: "edit_file",
      input: { path: "grüße.txt", old_text: "Hallo, Wlet", new_text: "Hallo, 世界 👩‍👩‍👧" },
    },
    { name: "read_file", input: { path: "test.sh" } },
  ],
  [{ name: "run_bash", input: { command: "sh test.sh" } }],
];
const thought = "Erst die Tests — 先にテスト。";
const end = "That is all that I can do here — 終わり 👩‍👩‍👧.";

/** Thinks before each step, and calls at once what the phase has of it. */
function scriptOf(fault?: "decorated"): Script {
  const faults = fault && { fault: { type: fault } };
  return (request) => {
    const names = request.view.tools.map(({ name }) => name);
    const calls = steps[repliesIn(request)]?.filter(({ name }) => names.includes(name)) ?? [];
    const text = calls.length > 0 ? "Schritt für Schritt." : end;
    return { reasoning: thought, text, ...(calls.length > 0 && { calls }), ...faults };
  };
}

const repliesIn = ({ view }: RecordedRequest) =>
  view.messages.filter(({ role }) => role === "assistant").length;

/** How many calls each phase can make of the steps. */
const made: Readonly<Record<number, number>> = { 1: 0, 2: 3, 3: 3, 4: 4 };

const pieces = [
  { cut: "at each byte", options: { chunkBytes: 1 }, fault: undefined },
  { cut: "at the worst places", options: { chunkBytes: "awkward", untilRead: true }, fault: "decorated" },
  { cut: "nowhere, so that all events come at once", options: { chunkBytes: 1_000_000 }, fault: undefined },
] as const;
const rows = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((phase) => pieces.map((each) => ({ phase, ...each })));

test.concurrent.for(rows)(
  "phase $phase runs the tests and fixes what fails with Anthropic, thoughts and parallel calls, cut $cut",
  async ({ phase, options, fault }) => {
    await withWorkbench(await phaseSubject(phase, "anthropic"), async (bench) => {
      await bench.put({ "grüße.txt": "Hallo, Wlet\n", "test.sh": "grep 世界 grüße.txt || exit 1\n" });
      await bench.serve(scriptOf(fault), options);
      const { code, stdout, stderr } = await bench.run(["run the tests and fix what fails"]);
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(thought) });
      expect(stdout).toContain(end);
      const last = bench.requests.at(-1);
      const results = resultsIn(last);
      expect([callsIn(last).length, results.length]).toEqual(Array(2).fill(made[phase] ?? 6));
      // The service refuses a thought that has changed, but not one that is left out behind the open loop.
      const thoughts = JSON.stringify(last?.body).split(`"thinking":"${thought}"`).length - 1;
      expect(thoughts).toBe(bench.requests.length - 1);
      const content = (await bench.read("grüße.txt")).toString();
      expect(content).toBe(phase < 4 ? "Hallo, Wlet\n" : "Hallo, 世界 👩‍👩‍👧\n");
      if (phase >= 5)
        expect([results[0], results.at(-1)]).toMatchObject([/^exit 1/, /^exit 0/].map(matching));
    });
  },
);

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
