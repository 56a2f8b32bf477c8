/** Runs the checks of an agent, stage by stage. */

import { type Subject, withBench } from "./bench.ts";
import { type AgentCheck, type Level, type Stage, stageOf, stages, whyNot } from "./check.ts";
import { chat } from "./checks/chat.ts";
import { explore } from "./checks/explore.ts";
import { read } from "./checks/read.ts";
import { shell } from "./checks/shell.ts";
import { write } from "./checks/write.ts";
import { type Evidence, keepEvidence } from "./evidence.ts";

export const agentChecks: readonly AgentCheck[] = [...chat, ...read, ...explore, ...write, ...shell];

export interface Verdict {
  readonly check: AgentCheck;
  readonly outcome: "passed" | "failed" | "skipped" | "not reached";
  /** What was expected and seen, or why it was skipped. */
  readonly message?: string;
  /** What the model called, and what the agent answered. */
  readonly calls?: readonly string[];
  /** The folder with everything that went back and forth. */
  readonly evidence?: string;
  readonly ms: number;
}

export interface Plan {
  readonly checks: readonly AgentCheck[];
  /** Go on after a stage in which a check has failed. */
  readonly isWhole: boolean;
  /** How many at a time. */
  readonly jobs: number;
}

/** The checks of these levels, of a stage among them ("write"), or the one with this id, of whichever level. */
export function chosenChecks(levels: ReadonlySet<Level>, only = ""): AgentCheck[] {
  const ofLevels = agentChecks.filter(
    ({ id, level }) => levels.has(level) && id.startsWith(only && `${only}.`),
  );
  return ofLevels.length > 0 ? ofLevels : agentChecks.filter(({ id }) => id === only);
}

export async function* runAgentChecks(
  subject: Subject,
  { checks, isWhole, jobs }: Plan,
): AsyncGenerator<Verdict> {
  let isOver = false;
  for (const stage of stages) {
    const own = checks.filter((check) => stageOf(check) === stage);
    if (isOver) {
      for (const check of own) yield { check, outcome: "not reached", ms: 0 };
      continue;
    }
    for await (const verdict of inTurn(own, jobs, (check) => judge(check, subject))) {
      isOver ||= verdict.outcome === "failed" && !isWhole;
      yield verdict;
    }
  }
}

/** Some at a time; what comes of them in their order. */
async function* inTurn(
  checks: readonly AgentCheck[],
  jobs: number,
  run: (check: AgentCheck) => Promise<Verdict>,
): AsyncGenerator<Verdict> {
  const running: Promise<Verdict>[] = [];
  const waiting = [...checks];
  while (running.length > 0 || waiting.length > 0) {
    while (running.length < jobs) {
      const next = waiting.shift();
      if (next === undefined) break;
      running.push(run(next));
    }
    const first = running.shift();
    if (first) yield await first;
  }
}

async function judge(check: AgentCheck, subject: Subject): Promise<Verdict> {
  const skipped = whyNot(check, { subject });
  if (skipped !== undefined) return { check, outcome: "skipped", message: skipped, ms: 0 };
  const start = performance.now();
  const time = () => Math.round(performance.now() - start);
  const kept: { evidence?: Evidence; folder?: string } = {};
  try {
    const keep = async (evidence: Evidence) => {
      kept.evidence = evidence;
      kept.folder = await keepEvidence(check.id, evidence);
    };
    await withBench(subject, check.run, { keep, mayBeRefused: check.mayBeRefused });
    return { check, outcome: "passed", ms: time() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const calls = kept.evidence ? callsOf(kept.evidence) : [];
    return {
      check,
      outcome: "failed",
      message,
      calls,
      ...(kept.folder && { evidence: kept.folder }),
      ms: time(),
    };
  }
}

/** The last calls of the model, as the agent's own tools name them, each with what the agent answered. */
function callsOf({ requests, replies }: Evidence): string[] {
  const results = new Map<string, string>();
  for (const { view } of requests)
    for (const message of view.messages)
      if (message.role === "tool") results.set(message.callId, message.text);
  const answered =
    requests
      .at(-1)
      ?.view.messages.flatMap((message) => (message.role === "assistant" ? message.calls : [])) ?? [];
  if (answered.length === 0) {
    return replies
      .flatMap(({ calls = [] }) => calls)
      .slice(-2)
      .map(({ name, input }) => `${name}(${short(JSON.stringify(input))}) → no result`);
  }
  return answered
    .slice(-2)
    .map(
      ({ id, name, input }) =>
        `${name}(${short(JSON.stringify(input))}) → ${short(results.get(id) ?? "no result")}`,
    );
}

const short = (text = "") =>
  (text.length <= 200 ? text : `${text.slice(0, 150)} … ${text.slice(-40)}`).replaceAll("\n", "⏎");

export type { Stage };
