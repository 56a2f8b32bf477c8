import { type Plan, type PreparedCall, refuseCall } from "@eightfold/core";
import type { Question, Terminal } from "@eightfold/terminal";
import { isSecret } from "@eightfold/workspace";

export const approvals = ["ask", "auto", "never"] as const;
export type Approval = (typeof approvals)[number];

export interface Policy {
  /** `ask` asks the user, `auto` does what it would ask about, `never` refuses it. */
  approval: Approval;
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
      const { decision, reason } = decide(call.plan, policy);
      if (decision === "allow") return call;
      if (decision === "deny") return refused(`${reason}.`);
      if (!terminal.canAsk) {
        unanswered = true;
        return refused(`${reason}. That needs the user's permission, and nobody can be asked.`);
      }
      const answer = await terminal.ask(questionOf(call, reason), signal);
      if (answer.type !== "no") return call;
      return refused(
        answer.why ? `the user said no: ${answer.why}` : "the user said no. Do not try it another way.",
      );
    },
  };
}

export interface Decision {
  readonly decision: "allow" | "ask" | "deny";
  readonly reason: string;
}

/** Files that tell git, or an agent, what to run: an edit to one of them is never a routine, in `auto` neither. */
const STEERS = /(^|\/)(\.(git|eightfold|claude|codex|cursor|gemini)(\/|$)|(AGENTS|CLAUDE|GEMINI)\.md$)/i;

function decideByPlan(plan: Plan | undefined): Decision {
  switch (plan?.type) {
    case undefined:
      return { decision: "ask", reason: "the tool does not say what it would do" };
    case "none":
      return { decision: "allow", reason: "touches nothing but the conversation" };
    case "read":
      if (isSecret(plan.path)) return { decision: "ask", reason: `${plan.path} may hold secrets` };
      return { decision: "allow", reason: "reads inside the workspace" };
    case "change":
      if (STEERS.test(plan.path)) return { decision: "ask", reason: `${plan.path} steers git or agents` };
      return { decision: "ask", reason: `changes ${plan.path}` };
    case "command":
      if (plan.verdict === "catastrophe") return { decision: "deny", reason: plan.reason };
      if (plan.verdict === "reads") return { decision: "allow", reason: plan.reason };
      return { decision: "ask", reason: plan.reason };
  }
}

/**
 * Whether a call may run. What is proved to be harmless is allowed, a few catastrophes are denied, and all that lies
 * between is for the user to say. A tool that does not say what it would do is asked about.
 */
export function decide(plan: Plan | undefined, { approval }: Policy): Decision {
  const { decision, reason } = decideByPlan(plan);
  if (decision !== "ask") return { decision, reason };
  if (approval === "auto" && !(plan?.type === "change" && STEERS.test(plan.path)))
    return { decision: "allow", reason: `${reason}, and --approval is auto` };
  if (approval === "never") return { decision: "deny", reason: `${reason}, and this agent may only read` };
  return { decision, reason };
}

/** What would happen, whole: nobody can agree to what they have not seen. */
function questionOf({ call, input, plan }: PreparedCall, reason: string): Question {
  const rest = { reason };
  if (plan?.type === "command") return { title: "run a command", body: { command: plan.command }, ...rest };
  if (plan?.type === "change") {
    const title = `${plan.created ? "create" : "change"} ${plan.path}`;
    return { title, body: { diff: plan.diff }, ...rest };
  }
  return { title: call.name, body: { text: JSON.stringify(input) }, ...rest };
}
