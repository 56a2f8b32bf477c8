import type { Dialect, ScriptedReply } from "@eightfold/wire";

/** What an agent may be doing when the user presses Ctrl-C. */
export interface State {
  /** Also the request that leads there. */
  readonly name: string;
  /** What the model does about it. */
  reply(dialect: Dialect): ScriptedReply;
  /** What is on the screen by then. Absent: the server has the request, and the screen shows nothing yet. */
  readonly screen?: string;
  /** Whether the agent waits for the server. */
  readonly isAsking: boolean;
  /** How long the state has an effect after its end: the agent gives a command 2 s before it is killed. */
  readonly lastsMs?: number;
}

const words = "All work and no play makes Jack a dull boy. ".repeat(300);

const command = (text: string) => ({ name: "run_bash", input: { command: text } });

/** Half a minute, told in the way of the service. */
const later = (dialect: Dialect): ScriptedReply => ({
  fault: {
    type: "rate_limit",
    hint: dialect === "gemini" ? "retry_info" : "retry_after_seconds",
    seconds: 30,
  },
});

export const states: readonly State[] = [
  {
    name: "waiting for headers",
    reply: () => ({ text: "Late.", fault: { type: "stall", at: "headers" } }),
    isAsking: true,
  },
  {
    name: "streaming text",
    reply: () => ({ text: words }),
    screen: "dull boy",
    isAsking: true,
  },
  {
    name: "in the middle of a call",
    reply: () => ({
      text: "A file.",
      calls: [{ name: "write_file", input: { path: "a.txt", content: words } }],
      fault: { type: "stall", at: "call" },
    }),
    screen: "A file.",
    isAsking: true,
  },
  { name: "waiting to retry", reply: later, screen: "Trying again in 30 s.", isAsking: false },
  {
    name: "running: sleep 60",
    reply: () => ({ calls: [command("sleep 60")] }),
    screen: "• run_bash",
    isAsking: false,
  },
  {
    name: "running: trap '' TERM",
    reply: () => ({ calls: [command("trap '' TERM; sleep 60")] }),
    screen: "• run_bash",
    isAsking: false,
    lastsMs: 2200,
  },
];
