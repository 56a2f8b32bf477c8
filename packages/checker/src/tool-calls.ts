import type { RecordedRequest, ScriptedCall, ViewMessage } from "@eightfold/wire";
import { expectEqual, expectText, expectThat } from "./expect.ts";
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
    const calls = typeof step === "function" ? await step(pairedResults(request)) : [...step];
    made.push(...calls.map(({ name }) => name));
    return { calls };
  });
  const { code } = await bench.run(["go"]);
  expectEqual(bench.requests.length, steps.length + 1, "requests");
  expectEqual(callsIn(bench.requests.at(-1)), made, "the calls that the agent sends back");
  expectEqual(code, 0, "exit code");
  return pairedResults(bench.requests.at(-1));
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
  const results = pairedResults(bench.requests.at(-1));
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

/** The texts of the results in a request. Expects one for each call in it, in order, right after the calls. */
export function pairedResults(request: RecordedRequest | undefined): string[] {
  const messages = request?.view.messages ?? [];
  return messages.flatMap((message, at) => {
    if (message.role !== "assistant") return [];
    const results = toolMessagesAt(messages, at + 1);
    expectEqual(
      results.map(({ callId }) => callId),
      message.calls.map(({ id }) => id),
      "one result for each call, in the order of the calls",
    );
    return results.map(({ text }) => text);
  });
}

/** The names of the calls in a request. */
function callsIn(request: RecordedRequest | undefined): string[] {
  const messages = request?.view.messages ?? [];
  return messages.flatMap((message) =>
    message.role === "assistant" ? message.calls.map(({ name }) => name) : [],
  );
}

function toolMessagesAt(messages: readonly ViewMessage[], from: number) {
  const results: Extract<ViewMessage, { role: "tool" }>[] = [];
  for (let at = from; messages[at]?.role === "tool"; at += 1) {
    const message = messages[at];
    if (message?.role === "tool") results.push(message);
  }
  return results;
}

/** Expects a request to begin with the bytes of the one before, up to the end of this text. */
export function expectPrefix(
  before: RecordedRequest | undefined,
  after: RecordedRequest | undefined,
  text: string,
) {
  const [first = "", second = ""] = [before?.raw, after?.raw];
  const end = first.lastIndexOf(JSON.stringify(text)) + JSON.stringify(text).length;
  expectThat(
    first.includes(text) && second.startsWith(first.slice(0, end)),
    `a request that begins with the bytes of the one before, up to ${JSON.stringify(text)}`,
    second,
  );
}

export const readFile = (path: string, page: { offset?: number; limit?: number } = {}): ScriptedCall => ({
  name: "read_file",
  input: { path, ...page },
});
export const listFiles = (input: { path?: string; depth?: number } = {}): ScriptedCall => ({
  name: "list_files",
  input,
});
export const grep = (pattern: string, where: { path?: string; glob?: string } = {}): ScriptedCall => ({
  name: "grep",
  input: { pattern, ...where },
});
export const editFile = (path: string, old_text: string, new_text: string): ScriptedCall => ({
  name: "edit_file",
  input: { path, old_text, new_text },
});
export const writeFile = (path: string, content: string): ScriptedCall => ({
  name: "write_file",
  input: { path, content },
});
export const runBash = (command: string, timeout?: number): ScriptedCall => ({
  name: "run_bash",
  input: { command, ...(timeout !== undefined && { timeout }) },
});
