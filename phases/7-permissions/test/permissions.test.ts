import { type Plan, type PreparedCall, runCall } from "@eightfold/core";
import type { Box } from "@eightfold/gate";
import type { Answer, Question } from "@eightfold/terminal";
import { describe, expect, test } from "vitest";
import { type Approval, decide, type Gate, openGate, type Policy } from "../src/permissions.ts";

/** A mode of your own does not have to stand in the table below. */
const modes = ["ask", "auto", "never"] as const;

const policyOf = (approval: Approval): Policy => ({ approval, always: new Set() });
const signal = new AbortController().signal;

const read = (path: string): Plan => ({ type: "read", path });
const command = (text: string, verdict: "reads" | "unproved" | "catastrophe" = "unproved"): Plan => ({
  type: "command",
  command: text,
  verdict,
  reason: `${text} is ${verdict}`,
});
const change = (path: string): Plan => {
  const made = { path, diff: "-one\n+two\n", added: 1, removed: 1, created: false };
  const reversal = { path, after: "two", start: 0, length: 3, text: "one" };
  return { type: "change", ...made, reversal, check: async () => {}, land: async () => made };
};

describe("the decision", () => {
  test.each<[string, Plan | undefined, ...Record<(typeof modes)[number], string>[]]>([
    ["reading a file", read("src/a.js"), { ask: "allow", auto: "allow", never: "allow" }],
    ["reading a secret", read("config/.env"), { ask: "ask", auto: "ask", never: "deny" }],
    ["changing a file", change("src/a.js"), { ask: "ask", auto: "allow", never: "deny" }],
    ["changing .mcp.json", change("sub/.mcp.json"), { ask: "ask", auto: "ask", never: "deny" }],
    ["changing .gitignore", change(".gitignore"), { ask: "ask", auto: "allow", never: "deny" }],
    [
      "changing a task of the editor",
      change(".vscode/tasks.json"),
      { ask: "ask", auto: "ask", never: "deny" },
    ],
    ["changing AGENTS.md", change("AGENTS.md"), { ask: "ask", auto: "ask", never: "deny" }],
    ["changing what git runs", change(".git/hooks/x"), { ask: "ask", auto: "ask", never: "deny" }],
    ["a command that reads", command("git status", "reads"), { ask: "allow", auto: "allow", never: "allow" }],
    ["another command", command("git push"), { ask: "ask", auto: "allow", never: "deny" }],
    ["a catastrophe", command("rm -rf /", "catastrophe"), { ask: "deny", auto: "deny", never: "deny" }],
    ["what touches nothing", { type: "none" }, { ask: "allow", auto: "allow", never: "allow" }],
    ["a tool that does not say", undefined, { ask: "ask", auto: "allow", never: "deny" }],
  ])("on %s depends on the mode only where it may be asked about", (_, plan, expected) => {
    for (const mode of modes) {
      expect([mode, decide(plan, policyOf(mode)).decision]).toEqual([mode, expected?.[mode]]);
    }
  });

  test("says why", () => {
    expect(decide(command("git push"), policyOf("ask")).reason).toBe("git push is unproved");
    expect(decide(read(".env"), policyOf("ask")).reason).toBe(".env may hold secrets");
    expect(decide(change("a"), policyOf("never")).reason).toBe("changes a, and this agent may only read");
  });
});

/** A box that says of each call how far it may reach, and in which all of them fail. */
function boxWith(isHere: boolean) {
  const reached: string[] = [];
  const enclose: Box["enclose"] = async (call, reach, ask) => {
    reached.push(reach);
    const run = async () => ({ text: (await ask?.("it failed"))?.type ?? "nobody asked", summary: "" });
    return { ...call, run };
  };
  return { reached, box: { isHere, notice: Promise.resolve(undefined), enclose } };
}

describe("the box", () => {
  const reading = command("git status", "reads");
  const leaving = (plan: Plan): Plan => (plan.type === "command" ? { ...plan, outside: true } : plan);

  test("is for commands that nobody approved, and those that read may only read there", async () => {
    const { reached, box } = boxWith(true);
    const { terminal } = userWho({ type: "once" });
    const policy = { ...policyOf("ask"), box };
    await outcome(openGate(policy, terminal), reading);
    await outcome(openGate(policy, terminal), command("npm test"));
    expect(reached).toEqual(["read"]);
    policy.approval = "auto";
    await outcome(openGate(policy, terminal), reading);
    await outcome(openGate(policy, terminal), command("npm test"));
    expect(reached).toEqual(["read", "read", "write"]);
  });

  test("is left by what the user is asked about, in auto too", async () => {
    const { reached, box } = boxWith(true);
    const { questions, terminal } = userWho({ type: "once" }, { type: "no" });
    const gate = openGate({ ...policyOf("auto"), box }, terminal);
    expect(await outcome(gate, leaving(command("npm install")))).toBe("It ran.");
    expect(await outcome(gate, leaving(reading))).toContain("said no");
    expect(questions.map(({ reason }) => reason)).toEqual([
      "npm install is unproved, and it would leave the box",
      "git status is reads, and it would leave the box",
    ]);
    expect(reached).toEqual([]);
  });

  test("is left by what failed in it when the user says so, and only where somebody can be asked", async () => {
    const { reached, box } = boxWith(true);
    const { questions, terminal } = userWho({ type: "no" }, { type: "always" });
    const policy = { ...policyOf("auto"), box };
    const gate = openGate(policy, terminal);
    expect(await outcome(gate, command("npm install"))).toBe("no");
    expect(await outcome(gate, command("npm install"))).toBe("always");
    expect(await outcome(gate, command("npm install"))).toBe("It ran.");
    expect(questions.map(({ reason }) => reason)).toEqual(["it failed", "it failed"]);
    expect(await outcome(openGate(policy, nobody), command("npm i"))).toBe("nobody asked");
    policy.approval = "never";
    expect(await outcome(gate, reading)).toBe("nobody asked");
    expect(reached).toEqual(["write", "write", "write", "read"]);
  });

  test("that is not there is left without a question", async () => {
    const { box } = boxWith(false);
    expect(decide(leaving(reading), { ...policyOf("ask"), box }).decision).toBe("allow");
    expect(decide(leaving(command("npm i")), { ...policyOf("auto"), box }).decision).toBe("allow");
    expect(decide(leaving(command("npm i")), policyOf("auto")).decision).toBe("allow");
  });

  test("is left by nothing in never", () => {
    const { box } = boxWith(true);
    expect(decide(leaving(reading), { ...policyOf("never"), box }).decision).toBe("deny");
  });
});

/** A user who gives these answers, one a question. */
function userWho(...answers: Answer[]) {
  const questions: Question[] = [];
  const ask = async (question: Question): Promise<Answer> => {
    questions.push(question);
    return answers.shift() ?? { type: "no" };
  };
  return { questions, terminal: { canAsk: true, ask } };
}

const nobody = { canAsk: false, ask: () => Promise.reject(new Error("asked")) };
const prepared = (plan: Plan): PreparedCall => ({
  call: { id: "1", name: "tool", input: {} },
  input: { path: ".env" },
  plan,
  run: async () => ({ text: "It ran.", summary: "" }),
});

/** What becomes of a call that the gate has judged. */
async function outcome(gate: Gate, plan: Plan): Promise<string> {
  return (await runCall(await gate.judge(prepared(plan), signal), signal)).text;
}

describe("always", () => {
  test("is for one command to the letter, and does not outlive a change to never", async () => {
    const policy = policyOf("ask");
    const { questions, terminal } = userWho({ type: "always" });
    const gate = openGate(policy, terminal);
    expect(await outcome(gate, command("npm test"))).toBe("It ran.");
    expect(await outcome(gate, command("npm test"))).toBe("It ran.");
    expect(questions).toHaveLength(1);
    expect(await outcome(gate, command("npm  test"))).toContain("said no");
    policy.approval = "never";
    expect(await outcome(gate, command("npm test"))).toContain("may only read");
  });

  test.each([
    ".git/config",
    "deep/.eightfold/x",
    "AGENTS.md",
    "docs/agents.md",
    ".cursorrules",
    ".mcp.json",
    ".env.local",
  ])("is not on offer for changes to %s", async (path) => {
    const { questions, terminal } = userWho({ type: "always" }, { type: "once" });
    const gate = openGate(policyOf("ask"), terminal);
    await outcome(gate, change(path));
    await outcome(gate, change(path));
    expect(questions.map(({ always }) => always)).toEqual([undefined, undefined]);
  });

  test("for a file leaves other files to be asked about", async () => {
    const { questions, terminal } = userWho({ type: "always" });
    const gate = openGate(policyOf("ask"), terminal);
    await outcome(gate, change("a"));
    await outcome(gate, change("a"));
    await outcome(gate, change("b"));
    expect(questions.map(({ title }) => title)).toEqual(["change a", "change b"]);
  });
});

describe("the question", () => {
  test("shows all of what would happen", async () => {
    const { questions, terminal } = userWho();
    const gate = openGate(policyOf("ask"), terminal);
    await outcome(gate, command("git push"));
    await outcome(gate, change("a"));
    await outcome(gate, read(".env"));
    expect(questions).toMatchObject([
      { title: "run a command", body: { command: "git push" }, reason: "git push is unproved" },
      { title: "change a", body: { diff: "-one\n+two\n" } },
      { title: "tool", body: { text: '{"path":".env"}' } },
    ]);
  });

  test("says whether a file is created or changed", async () => {
    const { questions, terminal } = userWho();
    const gate = openGate(policyOf("ask"), terminal);
    await outcome(gate, { ...change("a"), created: true } as Plan);
    expect(questions[0]?.title).toBe("create a");
  });

  test("that is answered with a reason gives the model the reason", async () => {
    const { terminal } = userWho({ type: "no", why: "not on a Friday" });
    const gate = openGate(policyOf("ask"), terminal);
    expect(await outcome(gate, command("git push"))).toBe("Not run: the user said no: not on a Friday");
  });
});

test("where nobody can be asked, the call is refused and the turn knows it", async () => {
  const gate = openGate(policyOf("ask"), nobody);
  expect(await outcome(gate, read("a"))).toBe("It ran.");
  expect(gate.isUnanswered()).toBe(false);
  expect(await outcome(gate, change("a"))).toContain("nobody can be asked");
  expect(gate.isUnanswered()).toBe(true);
});
