import type { ScriptedCall } from "@eightfold/wire";
import { expectEqual, expectText, expectThat } from "./expect.ts";
import { callsIn, resultsIn } from "./requests.ts";
import type { Workbench } from "./workbench.ts";

/** The calls of one reply; as a function, made of the texts of the results so far. */
export type Step =
  | readonly ScriptedCall[]
  | ((results: string[]) => Promise<ScriptedCall[]> | ScriptedCall[]);

/**
 * Lets the model make these calls, one reply a step, and then say that it is done. Expects the agent to bring
 * exactly one result a call, in order, and to end well. Returns the texts of the results.
 */
export async function callTools(bench: Workbench, ...steps: Step[]): Promise<string[]> {
  const made: string[] = [];
  await bench.serve(async (request, index) => {
    const step = steps[index];
    if (step === undefined) return { text: "done" };
    const calls = typeof step === "function" ? await step(resultsIn(request)) : [...step];
    made.push(...calls.map(({ name }) => name));
    return { calls };
  });
  const { code } = await bench.run(["go"]);
  expectEqual(bench.requests.length, steps.length + 1, "requests");
  expectEqual(callsIn(bench.requests.at(-1)), made, "the calls that the agent sends back");
  expectEqual(code, 0, "exit code");
  return resultsIn(bench.requests.at(-1));
}

/**
 * Lets one reply with these calls be cut off by its length limit. Expects a result for each that says so; returns
 * their texts.
 */
export async function cutOff(bench: Workbench, calls: readonly ScriptedCall[]): Promise<string[]> {
  // The last call is cut in half: with these blanks at a place where its JSON is complete, and looks whole.
  const cut = calls.map((call) => {
    const json = JSON.stringify(call.input);
    return writesArguments(bench) ? { ...call, rawArguments: json.padEnd(2 * json.length) } : call;
  });
  await bench.serve([{ calls: cut, stop: "length" }, { text: "done" }]);
  const { code } = await bench.run(["go"]);
  expectEqual(code, 0, "exit code");
  const results = resultsIn(bench.requests.at(-1));
  // A service that hands over whole calls drops the one that was cut.
  expectThat(results.length === calls.length || !writesArguments(bench), "a result for each call", results);
  for (const text of results)
    expectText(text, /cut|length|limit|truncat/i, "a result that says why it did not run");
  return results;
}

/** Whether a model writes the arguments of a call as text, which may be wrong, or the service hands over an object. */
export function writesArguments({ subject }: Workbench): boolean {
  return subject.dialect === "responses" || subject.dialect === "chat";
}
