import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { type Subject, withBench } from "../src/suite/bench.ts";
import { type AgentCheck, whyNot } from "../src/suite/check.ts";
import { preflight } from "../src/suite/preflight.ts";
import { agentChecks } from "../src/suite/run.ts";
import { patience } from "../src/wait.ts";
import { type Fault, saboteurs } from "./saboteurs.ts";

const starters = join(import.meta.dirname, "../../../docs/starters");
const node = JSON.stringify(process.execPath);
const core = agentChecks.filter(({ level }) => level === "core");
const conversing = `${node} ${JSON.stringify(join(import.meta.dirname, "agent/main.ts"))}`;

/** Agents start dozens of times, and `go run` compiles each time. */
const built = join(mkdtempSync(join(tmpdir(), "in-go-")), "solution");
const agents = {
  python: `python3 ${join(starters, "python/solution.py")}`,
  javascript: `${node} ${join(starters, "javascript/solution.mjs")}`,
  bash: `bash ${join(starters, "bash/solution.sh")}`,
  go: built,
};
const beginnings = {
  python: `python3 ${join(starters, "python/agent.py")}`,
  javascript: `${node} ${join(starters, "javascript/agent.mjs")}`,
  bash: `bash ${join(starters, "bash/agent.sh")}`,
  go: `go run ${join(starters, "go/agent.go")}`,
};
const found = (command: string) =>
  preflight({ oneShot: command, piped: command, conversation: conversing, env: {}, tools: {} });

/** One preflight for each agent: what it finds is the same in every check. */
const subjects = new Map<string, Promise<Subject>>();
function subjectOf(command: string): Promise<Subject> {
  const known = subjects.get(command) ?? found(command).then(({ subject }) => subject);
  subjects.set(command, known);
  return known;
}

/** The agent in bash has one tool, which runs commands. */
const isFor = (name: string, { needs }: AgentCheck) =>
  name !== "bash" || needs.every((need) => need === "reading" || need === "shell");

/** The others do without their language when the machine does. */
const isInstalled = (command: string) =>
  spawnSync("sh", ["-c", `command -v ${command.split(" ")[0]}`]).status === 0;

for (const [name, command] of Object.entries(beginnings))
  test.skipIf(!isInstalled(command))(`the starter in ${name} is red, and is told so`, async ({ expect }) => {
    await expect(found(command)).rejects.toThrow(/exit code 1 before it asked the model.*asks no model yet/);
  });

// Over before the next ones begin, which have less patience.
for (const [name, command] of Object.entries(agents))
  describe.skipIf(!isInstalled(beginnings[name as keyof typeof agents]))(`an agent in ${name} passes`, () => {
    if (name === "go")
      beforeAll(() => promisify(execFile)("go", ["build", "-o", built, join(starters, "go/solution.go")]));

    test.concurrent.for(core.filter((check) => isFor(name, check)))("$id", async (check, { expect }) => {
      const subject = await subjectOf(command);
      expect(whyNot(check, { subject })).toBeUndefined();
      await withBench(subject, check.run, { mayBeRefused: check.mayBeRefused });
    });
  });

/** The agent in JavaScript, changed. */
async function runChanged(check: AgentCheck, changes: Fault): Promise<() => Promise<void>> {
  const subject = await subjectOf(agents.javascript);
  const source = await readFile(join(starters, "javascript/solution.mjs"), "utf8");
  const changed = changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, () => to);
  }, source);
  const file = join(await mkdtemp(join(tmpdir(), "changed-")), "agent.mjs");
  await writeFile(file, changed);
  const command = `${node} ${file}`;
  const setup = { ...subject.setup, oneShot: command, piped: command };
  return () => withBench({ ...subject, setup }, check.run, { mayBeRefused: check.mayBeRefused });
}

// Each of these failed a check once, and is right.
test.concurrent.for([
  [
    "takes the key that it knows out of the environment",
    "shell.hides-keys",
    '!name.endsWith("_KEY")',
    'name !== "OPENAI_API_KEY"',
  ],
  ["runs what parses, at the length limit too", "read.cut-off-call", 'finish === "length"', "false"],
] as const)("an agent that %s passes %s", async ([, id, from, to]) => {
  const check = core.find((check) => check.id === id);
  await (check && (await runChanged(check, [[from, to]]))());
});

describe.concurrent("is caught", () => {
  // Some faults are to hang, which shows when the patience of a check ends.
  beforeAll(() => {
    const usual = patience.ms;
    patience.ms = 3000;
    return () => {
      patience.ms = usual;
    };
  });

  const ofOneTurn = core.filter(({ form }) => form !== "conversation");
  test.for(ofOneTurn)("what breaks $id", async (check) => {
    const fault = saboteurs[check.id] ?? [];
    expect(fault).not.toEqual([]);
    const run = await runChanged(check, fault);
    await expect(run()).rejects.toThrow(/expected: |waited /);
  });

  test.for([
    ["chat.recalls", "forgets-the-conversation"],
    ["chat.stops-and-goes-on", "ends-on-ctrl-c"],
  ])("%s by an agent that %s", async ([id, sin], { expect }) => {
    const check = core.find((check) => check.id === id);
    const subject = await subjectOf(agents.javascript);
    const setup = { ...subject.setup, conversation: `${conversing} --sin ${sin}` };
    await expect(check && withBench({ ...subject, setup }, check.run)).rejects.toThrow(
      /expected: |waited |has ended/,
    );
  });
});
