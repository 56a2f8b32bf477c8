/** What the model does in a check: replies with calls, one after the other, and then an answer. */
import type { RecordedRequest, ScriptedCall } from "@eightfold/wire";
import { expectEqual } from "../expect.ts";
import type { Bench, Dialogue } from "./bench.ts";

/** The calls of one reply; as a function, made when the results so far are known. */
export type Step =
  | readonly ScriptedCall[]
  | (() => readonly ScriptedCall[] | Promise<readonly ScriptedCall[]>);

/**
 * Lets the model make these calls, one reply a step, and then say that it is done. Expects a result for each call, and
 * an end with exit code 0. Returns the results of each step.
 */
export async function calls(bench: Bench, ...steps: Step[]): Promise<string[][]> {
  const results: string[][] = [];
  const ended = await bench.talk(dialogueOf(steps, results));
  expectEqual(ended.code, 0, "exit code");
  return results;
}

async function* dialogueOf(steps: readonly Step[], results: string[][]): Dialogue {
  for (const step of steps) {
    const made = typeof step === "function" ? await step() : step;
    const brought = yield { calls: made };
    expectEqual(brought.length, made.length, "results in the next request, one for each call");
    results.push(brought);
  }
  return { text: "done" };
}

/** Expects so many calls in a request, and one result for each. */
export function expectPairs(request: RecordedRequest | undefined, count: number): void {
  const messages = request?.view.messages ?? [];
  const made = messages.flatMap((message) => (message.role === "assistant" ? message.calls : []));
  const brought = messages.filter(({ role }) => role === "tool");
  expectEqual(made.length, count, "calls in the last request");
  expectEqual(brought.length, count, "results in the last request");
}
