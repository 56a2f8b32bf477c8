/** What the model does in a check: replies with calls, one after the other, and then an answer. */
import type { RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/wire";
import type { Ended } from "../agent-process.ts";
import { expectEqual } from "../expect.ts";
import { ending, said } from "./agent.ts";
import type { Bench } from "./bench.ts";

/**
 * What the model does in one turn: the calls of each reply, and at the end what it says. It is handed the results that
 * the agent brought for the calls before.
 */
export type Dialogue = AsyncGenerator<ScriptedReply, ScriptedReply, string[]>;

/** Lets the agent have one turn with a model that makes this dialogue. */
export async function talk(bench: Bench, dialogue: Dialogue): Promise<Ended> {
  let isDone = false;
  let failure: Error | undefined;
  await bench.serve(async (request) => {
    if (isDone) return { text: "done" };
    try {
      const step = await dialogue.next(lastResults(request));
      isDone = step.done === true;
      return step.value;
    } catch (error) {
      isDone = true;
      failure = error as Error;
      return { text: "done" };
    }
  });
  const ended = await bench.run("Please do what is needed.");
  if (failure) throw failure;
  if (isDone) return ended;
  throw new Error(`expected: a request that brings the results\nseen: ${explainEnd(bench, ended)}`);
}

/** What the service has refused comes first: most agents only say that something was not in its answer. */
function explainEnd({ requests }: Bench, ended: Ended): string {
  const refused = requests.findLast(({ refusal }) => refusal !== undefined);
  const service = refused ? ` The service refused its last request: ${refused.refusal}` : "";
  return `the agent ended with ${ending(ended)}.${service}${said(ended)}`;
}

/** The results that came after the last reply of the model. */
function lastResults({ view: { messages } }: RecordedRequest): string[] {
  const reply = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(reply + 1).flatMap((message) => (message.role === "tool" ? [message.text] : []));
}

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
  const ended = await talk(bench, dialogueOf(steps, results));
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
