import { type Plan, type PreparedCall, refuseCall } from "@eightfold/core";
import type { Box, Reach } from "@eightfold/gate";
import type { Question, Terminal } from "@eightfold/terminal";
import { record } from "@eightfold/trace";
import { isSecret, isSteering } from "@eightfold/workspace";

export const approvals = ["ask", "auto", "never"] as const;
export type Approval = (typeof approvals)[number];

export interface Policy {
  /** `ask` asks the user, `auto` does what it would ask about, `never` refuses it. */
  approval: Approval;
  /** What the user allowed for good: exact commands, and files to change. It is forgotten with the session. */
  readonly always: Set<string>;
  readonly box?: Box;
}

/** The gate of one turn. */
export interface Gate {
  /** Hands on the call; one that may not run is refused, and its result says why. */
  judge(call: PreparedCall, signal: AbortSignal): Promise<PreparedCall>;
  /** Whether a call was refused because nobody was there to be asked. */
  isUnanswered(): boolean;
}

export function openGate(policy: Policy, terminal: Pick<Terminal, "ask" | "canAsk">): Gate {
  let unanswered = false;
  return {
    isUnanswered: () => unanswered,

    async judge(call, signal) {
      const refused = (why: string) => refuseCall(call, `Not run: ${why}`);
      const ask = async (why: string) => {
        const answer = await terminal.ask(questionOf(call, why), signal);
        const key = lastingKey(call.plan);
        if (answer.type === "always" && key) policy.always.add(key);
        return answer;
      };
      const { decision, reason, reach } = decide(call.plan, policy);
      record({ type: "decision", callId: call.call.id, decision, reason, plan: call.plan });
      const mayLeave = terminal.canAsk && policy.approval !== "never" ? ask : undefined;
      if (decision === "allow") return (reach && (await policy.box?.enclose(call, reach, mayLeave))) ?? call;
      if (decision === "deny") return refused(`${reason}.`);
      if (!terminal.canAsk) {
        unanswered = true;
        return refused(`${reason}. That needs the user's permission, and nobody can be asked.`);
      }
      const answer = await ask(reason);
      if (answer.type !== "no") return call;
      return refused(`the user said no${answer.why ? `: ${answer.why}` : ". Do not try it another way."}`);
    },
  };
}

export interface Decision {
  readonly decision: "allow" | "ask" | "deny";
  readonly reason: string;
  readonly reach?: Reach;
}

function decideByPlan(plan: Plan | undefined, leavesBox: boolean): Decision {
  switch (plan?.type) {
    case undefined:
      return { decision: "ask", reason: "the tool does not say what it would do", reach: "write" };
    case "none":
      return { decision: "allow", reason: "touches nothing but the conversation" };
    case "read":
      if (isSecret(plan.path)) return { decision: "ask", reason: `${plan.path} may hold secrets` };
      return { decision: "allow", reason: "reads inside the workspace" };
    case "change":
      if (isSteering(plan.path)) return { decision: "ask", reason: `${plan.path} steers other programs` };
      return { decision: "ask", reason: `changes ${plan.path}`, reach: "write" };
    case "command":
      if (plan.verdict === "catastrophe") return { decision: "deny", reason: plan.reason };
      if (leavesBox) return { decision: "ask", reason: `${plan.reason}, and it would leave the box` };
      if (plan.verdict === "reads") return { decision: "allow", reason: plan.reason, reach: "read" };
      return { decision: "ask", reason: plan.reason, reach: "write" };
  }
}

/**
 * Whether a call may run. What is proved to be harmless is allowed, a few catastrophes are denied, and the user decides
 * about everything in between. A tool that does not say what it would do is asked about.
 */
export function decide(plan: Plan | undefined, { approval, always, box }: Policy): Decision {
  const leavesBox = plan?.type === "command" && plan.outside === true && box?.isHere === true;
  const { decision, reason, reach } = decideByPlan(plan, leavesBox);
  if (decision !== "deny" && approval !== "never" && always.has(lastingKey(plan) ?? ""))
    return { decision: "allow", reason: "you always allow this" };
  if (decision !== "ask") return { decision, reason, ...(reach && { reach }) };
  if (approval === "never") return { decision: "deny", reason: `${reason}, and this agent may only read` };
  if (approval === "auto" && reach)
    return { decision: "allow", reason: `${reason}, and --approval is auto`, reach };
  return { decision, reason };
}

/** What would happen, whole: nobody can agree to what they have not seen. */
function questionOf({ call, input, plan }: PreparedCall, reason: string): Question {
  const always =
    lastingKey(plan) && (plan?.type === "change" ? "all edits to this file" : "this very command");
  const rest = { reason, ...(always && { always }) };
  if (plan?.type === "command") return { title: "run a command", body: { command: plan.command }, ...rest };
  if (plan?.type === "change") {
    const title = `${plan.created ? "create" : "change"} ${plan.path}`;
    return { title, body: { diff: plan.diff }, ...rest };
  }
  return { title: call.name, body: { text: JSON.stringify(input) }, ...rest };
}

/** Under what an "always" is kept; undefined where there is none to give. */
function lastingKey(plan: Plan | undefined): string | undefined {
  if (plan?.type === "command") return `run ${plan.command}`;
  if (plan?.type === "change" && !isSteering(plan.path) && !isSecret(plan.path)) return `edit ${plan.path}`;
  return undefined;
}

export const approvalNamed = (name?: string) => approvals.find((each) => each === name);

export const meaning: Readonly<Record<Approval, string>> = {
  ask: "The user is asked before files change, and before commands that may do more than read.",
  auto: "Changes and commands run without a question, and commands in a box where there is one.",
  never: "Only reading is permitted: every change, and every command that may do more than read, is refused.",
};
