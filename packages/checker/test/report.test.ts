import { expect, test } from "vitest";
import { expectBytes } from "../src/expect.ts";
import { whyNot } from "../src/suite/check.ts";
import type { Preflight, Proof } from "../src/suite/preflight.ts";
import { reportIn } from "../src/suite/report.ts";
import { recognise } from "../src/suite/roles.ts";
import { agentChecks, type Verdict } from "../src/suite/run.ts";
import { text, tool } from "./tools.ts";

/** What the preflight finds of an agent that offers these tools. */
function foundWith(tools: readonly ReturnType<typeof tool>[], unproven: readonly Proof[] = []): Preflight {
  const known = recognise(tools, {});
  const setup = { oneShot: "mine", env: {}, tools: {} };
  const proven = known.filter(({ name }) => !unproven.some(({ tool }) => tool.name === name));
  return {
    subject: { setup, tools: proven, isAbsolute: false, dialect: "chat" },
    path: "/v1/chat/completions",
    isStreamed: false,
    model: "m",
    offered: tools.map(({ name }) => name),
    unproven,
  };
}

/** Verdicts of all stages, none of which has failed. */
const skipped = agentChecks.map((check): Verdict => ({ check, outcome: "skipped", ms: 0 }));

const reading = tool("read_file", { path: text });
const searching = tool("grep", { query: text, dir: text });
const running = tool("bash", { command: text });
const whole = foundWith([running]);

test.for([
  ["without tools", foundWith([]), 'Next comes stage "read": offer a tool such as read_file(path).'],
  [
    "whose tools nobody knows",
    foundWith([tool("look", { where: text })]),
    "such as read_file(path), or say in eightfold-check.json which it is of: look.",
  ],
  ["that reads", foundWith([reading]), 'Next comes stage "explore": offer a tool such as list_files(path).'],
  [
    "that runs commands, and needs no other tool",
    whole,
    "Every stage that can be tried on this agent is green.",
  ],
] as const)("an agent %s is told at the end what comes next", ([, found, words], { expect }) => {
  expect(reportIn("text", false).end(skipped, found)).toContain(words);
});

test("a run of a single check does not say what comes next", () => {
  expect(reportIn("text", false).end(skipped.slice(0, 1), whole)).toBe(
    "\n0 passed, 0 failed, 1 skipped, 0 not reached.\n",
  );
});

test("a tool that does not do what it is for is told with its call, with what was not seen, and at the end", () => {
  const [grep] = recognise([searching], {});
  if (grep === undefined) throw new Error("grep is not recognised.");
  const input = { query: "NONCE-5183", dir: "." };
  const found = foundWith([running, searching], [{ tool: grep, input, result: "nothing", isProven: false }]);
  const { begin, end } = reportIn("text", false);
  expect(begin(found)).toContain(
    'grep: not seen: read-me.txt in the result. Called with {"query":"NONCE-5183","dir":"."}, it answered: nothing',
  );
  expect(end(skipped, found)).toContain("The checks of grep were skipped");
});

test("a check of what a protocol's service never sends is skipped", () => {
  const twice = agentChecks.find(({ id }) => id === "read.same-id");
  const { subject } = foundWith([running]);
  expect(twice && whyNot(twice, { subject })).toBeUndefined();
  expect(twice && whyNot(twice, { subject: { ...subject, dialect: "anthropic" } })).toContain(
    "cannot happen",
  );
});

test("bytes that are no ASCII are shown as bytes", () => {
  const seen = Buffer.from("caf\ufffd");
  expect(() => expectBytes(seen, Buffer.from("caf\xe9", "latin1"), "a.txt")).toThrow(
    String.raw`expected: a.txt: "caf\xe9"${"\n"}seen: "caf\xef\xbf\xbd"`,
  );
});

test("reports for machines hold each verdict, and what was seen without breaking their form", () => {
  const [check] = agentChecks;
  if (check === undefined) throw new Error("There are no checks.");
  const failed: Verdict = {
    check,
    outcome: "failed",
    message: 'expected: "<a> & b"\nseen: \u0007',
    ms: 1500,
  };
  const skipped: Verdict = { check, outcome: "skipped", message: "it offers no tool", ms: 0 };
  const all = [failed, skipped];
  expect(reportIn("junit", false).end(all, whole)).toContain(
    'failures="1" skipped="1">\n  <testcase classname="chat" name="chat.answers: the request',
  );
  expect(reportIn("junit", false).end(all, whole)).toContain("&quot;&lt;a&gt; &amp; b&quot;&#10;seen: ");
  expect(reportIn("tap", false).end(all, whole)).toMatch(
    /^1\.\.2\nnot ok 1 - chat\.answers.*\n {2}---\n.*\n {2}\.\.\.\nok 2 .*# SKIP it offers no tool\n$/,
  );
  expect(JSON.parse(reportIn("json", false).verdict(failed))).toMatchObject({
    id: "chat.answers",
    outcome: "failed",
  });
  expect(reportIn("text", false).end(all, whole)).toContain(
    'You are at stage "chat", with 1 to fix. Next: --only chat.answers --hint',
  );
});
