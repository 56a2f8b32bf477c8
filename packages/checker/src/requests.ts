import type { RecordedRequest } from "@eightfold/wire";
import { expectEqual, expectThat } from "./expect.ts";

/** The messages of a request, a line each: "user: Who am I?". */
export function transcript(request: RecordedRequest | undefined): string {
  return messagesOf(request)
    .map(({ role, text }) => `${role}: ${text}`)
    .join("\n");
}

/** The last thing that the user says in a request. */
export function lastUserText(request: RecordedRequest | undefined): string {
  return messagesOf(request).findLast(({ role }) => role === "user")?.text ?? "";
}

/** The names of the calls in a request. */
export function callsIn(request: RecordedRequest | undefined): string[] {
  return messagesOf(request).flatMap((message) =>
    message.role === "assistant" ? message.calls.map(({ name }) => name) : [],
  );
}

/** The texts of the results in a request. Expects one for each call in it, in order, right after the calls. */
export function resultsIn(request: RecordedRequest | undefined): string[] {
  const messages = messagesOf(request);
  return messages.flatMap((message, at) => {
    if (message.role !== "assistant") return [];
    const after = messages.slice(at + 1);
    const end = after.findIndex(({ role }) => role !== "tool");
    const results = (end < 0 ? after : after.slice(0, end)).filter(({ role }) => role === "tool");
    expectEqual(
      results.map((result) => result.role === "tool" && result.callId),
      message.calls.map(({ id }) => id),
      "one result for each call, in the order of the calls",
    );
    return results.map(({ text }) => text);
  });
}

/** Expects a request to begin with the bytes of the one before, up to the end of what the user said there. */
export function expectPrefix(before: RecordedRequest | undefined, after: RecordedRequest | undefined): void {
  const [first = "", second = ""] = [before?.raw, after?.raw];
  const said = JSON.stringify(lastUserText(before));
  const prefix = first.slice(0, first.lastIndexOf(said) + said.length);
  expectThat(prefix.length > said.length, `a request that holds ${said}`, first);
  expectThat(second.startsWith(prefix), `a request that begins with ${prefix}`, second);
}

function messagesOf(request: RecordedRequest | undefined) {
  return request?.view.messages ?? [];
}
