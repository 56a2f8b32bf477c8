import { expect, test } from "vitest";
import { repeatDetector } from "./limits.ts";

type Said = [name: string, input: Record<string, unknown>, text: string];

/** What the detector says of each call, one after the other. */
function watch(...calls: Said[]): boolean[] {
  const isRepeated = repeatDetector();
  return calls.map(([name, input, text]) =>
    isRepeated(
      { id: "1", name, input },
      { role: "tool", callId: "1", name, text, isError: false, summary: "" },
    ),
  );
}

const a: Said = ["read_file", { path: "a" }, "alpha"];
const b: Said = ["read_file", { path: "b" }, "beta"];
const c: Said = ["run_bash", { command: "c" }, "gamma"];

test("the third same call with the same result is repeated, and those that follow", () => {
  expect(watch(a, a, a, a, b, a, a)).toEqual([false, false, true, true, false, false, false]);
});

test("rounds of two and of three calls are seen", () => {
  expect(watch(a, b, a, b, a, b)).toEqual([false, false, false, false, false, true]);
  expect(watch(c, a, b, c, a, b, c, a, b).at(-1)).toBe(true);
  expect(watch(c, a, b, c, a, b, c, b, a).at(-1)).toBe(false);
});

test("another result, another input and another tool are something new", () => {
  const poll = (text: string): Said => ["run_bash", { command: "status" }, text];
  expect(watch(poll("1"), poll("2"), poll("3"), poll("3"), poll("4"))).not.toContain(true);
  expect(watch(a, a, ["read_file", { path: "a", offset: 2 }, "alpha"])).not.toContain(true);
  expect(watch(a, a, ["list_files", { path: "a" }, "alpha"])).not.toContain(true);
});

test("the order of the arguments is no difference", () => {
  const one: Said = ["read_file", { path: "a", limit: 5 }, "alpha"];
  const other: Said = ["read_file", { limit: 5, path: "a" }, "alpha"];
  expect(watch(one, other, one).at(-1)).toBe(true);
});
