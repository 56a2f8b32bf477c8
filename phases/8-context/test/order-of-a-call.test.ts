import { defineTool, type Model, type Reversal } from "@eightfold/core";
import { workspaceWith } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { type Agent, runTurn, stepBudget } from "../src/agent.ts";
import { begin } from "./session-folder.ts";

const reversal: Reversal = { path: "a", after: "b", start: 0, length: 1, text: "a" };

/** A model that makes one call, and is then done. */
function callingModel(): Model {
  let asked = 0;
  return {
    provider: "test",
    name: "test",
    async *stream() {
      yield { type: "text_delta", text: "Hm." };
      const calls = asked++ === 0 ? [{ id: "1", name: "write", input: {} }] : [];
      const stop = calls.length > 0 ? "tool_calls" : "done";
      return { message: { role: "assistant", text: "", toolCalls: calls }, stop, usage: {} };
    },
  };
}

/** What happens in a turn with one call, in order, and what is said in it. */
async function turnWith(judge: "allows" | "refuses", said: string[] = [], request = "go") {
  const happened: string[] = [];
  const change = { path: "a", diff: "", added: 1, removed: 1, created: false };
  const write = defineTool({
    name: "write",
    description: "Writes.",
    input: {},
    example: {},
    async plan() {
      happened.push("prepared");
      return { type: "change", ...change, reversal, check: async () => {}, land: async () => change };
    },
    async run() {
      happened.push("run");
      return { text: "written", summary: "" };
    },
  });
  const workspace = await workspaceWith({});
  const session = await begin(workspace.root);
  const watched: Agent["session"] = {
    ...session,
    append(record) {
      if (record.type === "change") happened.push("journalled");
      session.append(record);
    },
  };
  const agent: Agent = {
    model: callingModel(),
    workspace,
    tools: [write],
    system: Promise.resolve(""),
    session: watched,
    window: { session: watched },
    policy: { approval: "auto", always: new Set() },
    openGate: () => ({
      isUnanswered: () => false,
      async judge(call) {
        happened.push("judged");
        const refused = () => Promise.reject(new Error("Not run: no."));
        return judge === "allows" ? call : { ...call, plan: { type: "none" }, run: refused };
      },
    }),
    takeStep: stepBudget(5),
    saidMeanwhile: () => said.splice(0),
    callsIn: async (text) => (text.includes("@a") ? [{ id: "@a", name: "write", input: {} }] : []),
  };
  for await (const _ of runTurn(request, agent, new AbortController().signal));
  return { happened, log: session.log.map(({ role, text }) => [role, text]) };
}

test("a call is prepared, judged, journalled and run, in this order", async () => {
  expect((await turnWith("allows")).happened).toEqual(["prepared", "judged", "journalled", "run"]);
});

test("a call that is refused is neither journalled nor run", async () => {
  expect((await turnWith("refuses")).happened).toEqual(["prepared", "judged"]);
});

test("what the user says during a turn comes between the result of a call and the next request", async () => {
  expect((await turnWith("allows", ["not that", "this"])).log).toEqual([
    ["user", "go"],
    ["assistant", ""],
    ["tool", "written"],
    ["user", "not that"],
    ["user", "this"],
    ["assistant", ""],
  ]);
});

test("what a request names is read before it, with the same steps as a call of the model's", async () => {
  const { happened, log } = await turnWith("allows", ["and @a"], "see @a");
  const steps = ["prepared", "judged", "journalled", "run"];
  expect(happened).toEqual([...steps, ...steps, ...steps]);
  expect(log).toEqual([
    ["user", "[The user calls write {}]\n<result>\nwritten\n</result>\n"],
    ["user", "see @a"],
    ["assistant", ""],
    ["tool", "written"],
    ["user", "[The user calls write {}]\n<result>\nwritten\n</result>\n"],
    ["user", "and @a"],
    ["assistant", ""],
  ]);
});
