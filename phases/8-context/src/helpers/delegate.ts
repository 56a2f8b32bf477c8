import { defineTool, type Tool } from "@eightfold/core";
import { inLane } from "@eightfold/trace";
import { type Agent, runTurn, stepBudget } from "../agent.ts";
import { openGate } from "../permissions.ts";
import { type Session, type SessionRecord, sessionOf } from "../sessions/session.ts";
import { followHelper } from "./follow-helper.ts";

const ORDERS = `You are the helper of another agent, and have this one task. You can read and search, and change nothing. Nobody
answers questions. At the end report what you found, in at most twenty lines, with files and lines.`;

const REPLIES = 15;

const READING = ["read_file", "list_files", "grep", "run_bash"];
const READ_ONLY = { approval: "never", always: new Set<string>() } as const;
const NOBODY = { canAsk: false, ask: async () => ({ type: "no" }) as const };

/**
 * A tool that gives a task to a helper: an agent with a conversation of its own, that may only read, inside the budget
 * of its parent. Whatever becomes of it is a result.
 * @param depth 1: helpers have no helpers of their own
 */
export function delegate(parent: () => Agent, depth: number): Tool {
  return defineTool({
    name: "delegate",
    description:
      "Give a task to a helper that reads and searches on its own, and reports in a few lines. It sees nothing of " +
      "this conversation: tell it all it must know. Several delegate calls in one reply work side by side.",
    sideBySide: true,
    input: {
      task: { type: "string", minLength: 1, description: "What to find out, and what the report should say" },
      max_steps: { type: "integer", minimum: 1, description: `Replies it may take; ${REPLIES} by default` },
    },
    required: ["task"],
    example: { task: "Find where the configuration is read. Name files and lines." },
    plan: async () => ({ type: "none" }),

    async run({ task, max_steps = REPLIES }, signal, _plan, report) {
      const helper = helperOf(parent(), max_steps, depth);
      const turn = inLane("helper", runTurn(`${ORDERS}\n\n${task}`, helper, signal));
      const last = () => helper.session.log.findLast(({ role, text }) => role === "assistant" && text !== "");
      return followHelper(turn, report, () => last()?.text ?? "");
    },
  });
}

function helperOf(parent: Agent, replies: number, depth: number): Agent {
  const session = sessionFor(parent.session);
  const helper: Agent = {
    ...parent,
    tools: [
      ...parent.tools.filter(({ name }) => READING.includes(name)),
      ...(depth > 1 ? [delegate(() => helper, depth - 1)] : []),
    ],
    session,
    window: { session },
    openGate: () => openGate({ ...parent.policy, ...READ_ONLY }, NOBODY),
    takeStep: stepBudget(replies, parent.takeStep),
    saidMeanwhile: () => [],
    callsIn: async () => [],
  };
  return helper;
}

/** A session of the helper's own. What is said there is saved with its parent's, and is not part of that conversation. */
function sessionFor(parent: Session): Session {
  const helper = crypto.randomUUID().slice(0, 8);
  const session = sessionOf({
    ...parent,
    append(record: SessionRecord) {
      if (record.type === "delegate") parent.append(record);
      if (record.type === "message") parent.append({ type: "delegate", helper, message: record.message });
    },
  });
  return Object.assign(session, { remember() {} });
}
