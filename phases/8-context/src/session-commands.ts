import type { StopReason } from "@eightfold/core";
import { type Agent, type AgentEvent, requestOf } from "./agent.ts";
import type { Command } from "./commands.ts";
import { renderMemory } from "./memory/memory.ts";
import { undo } from "./memory/undo.ts";
import { newSession, recorded } from "./sessions/session.ts";
import { drawShares } from "./window/shares.ts";
import { compact, measure } from "./window/window.ts";

export const sessionCommands: readonly Command[] = [
  {
    name: "/context",
    help: "what the model's window holds",
    async run(agent, terminal) {
      const { parts, reported, size } = await measure(agent.window, requestOf(agent, await agent.system));
      const said = reported ? `\n\nThe provider counted ${reported} tokens last.` : "";
      await terminal.say(`${drawShares(parts, size, "tokens, estimated")}${said}`);
    },
  },
  {
    name: "/compact",
    help: "let a summary stand for the conversation so far",
    run: (agent, terminal) => terminal.show((signal) => recorded(agent.session, compactNow(agent, signal))),
  },
  {
    name: "/memory",
    help: "what outlives a compaction: task, plan, files, notes",
    run: ({ session }, terminal) => terminal.say(renderMemory(session.memory) || "Nothing yet."),
  },
  {
    name: "/undo",
    help: "put back the files that the last turn changed",
    run: async ({ session, workspace }, terminal) =>
      terminal.say(await undo(session, workspace).catch(({ message }: Error) => message)),
  },
  {
    name: "/session",
    help: "the session's name, to go on with it later",
    run: ({ session: { id, file, total } }, terminal) =>
      terminal.say(`\`--cwd DIR --resume ${id}\` goes on with it. Turns: ${total.turns}. File: \`${file}\``),
  },
  {
    name: "/reset",
    help: "begin a new session",
    async run(agent, terminal) {
      agent.session.close();
      agent.session = await newSession(agent.workspace.root, (message) => void terminal.say(message));
      agent.window = { session: agent.session };
      agent.workspace.lastRead.clear();
      agent.policy.always.clear();
      await terminal.say(`A new session, \`${agent.session.id}\`.`);
    },
  },
];

async function* compactNow(agent: Agent, signal: AbortSignal): AsyncGenerator<AgentEvent, StopReason> {
  const made = yield* compact(agent.window, requestOf(agent, await agent.system), signal);
  if (!made && !signal.aborted) yield { type: "notice", text: "Nothing was left out." };
  return signal.aborted ? "aborted" : "done";
}
