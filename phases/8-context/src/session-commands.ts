import { commandLine, drawShares } from "@eightfold/terminal";
import { diffOfChanges } from "@eightfold/workspace";
import { type Agent, requestOf, type Turn } from "./agent.ts";
import type { Command } from "./commands.ts";
import { renderMemory } from "./memory/memory.ts";
import { undo } from "./memory/undo.ts";
import { newSession, recorded, type Session } from "./sessions/session.ts";
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
    help: "replace the conversation so far with a summary; `/compact WISH` says what it should keep",
    takesWords: true,
    run: (agent, terminal, wish) =>
      terminal.show((signal) => recorded(agent.session, compactNow(agent, wish, signal))),
  },
  {
    name: "/memory",
    help: "what outlives a compaction: task, plan, files, notes",
    run: ({ session }, terminal) => terminal.say(renderMemory(session.memory) || "Nothing yet."),
  },
  {
    name: "/diff",
    help: "what the tools of this session have changed",
    run: async ({ session, workspace }, terminal) =>
      terminal.say(await diffOfChanges(workspace, session.changes)),
  },
  {
    name: "/undo",
    help: "put back the files that the last turn changed",
    run: async ({ session, workspace }, terminal) =>
      terminal.say(await undo(session, workspace).catch(({ message }: Error) => message)),
  },
  {
    name: "/session",
    help: "the session's id, to continue it later",
    run: ({ session, workspace }, terminal) =>
      terminal.say(
        `Turns: ${session.total.turns}. File: \`${session.file}\`\n\n${howToResume(session, workspace.root)}`,
      ),
  },
  {
    name: "/reset",
    help: "start a new session",
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

/** A command line that works wherever it is pasted. In a block of code, where no line is broken. */
export function howToResume({ id }: Session, root: string): string {
  return `This continues it:\n\n\`\`\`\n${commandLine(8, ["--cwd", root, "--resume", id])}\n\`\`\``;
}

async function* compactNow(agent: Agent, wish: string, signal: AbortSignal): Turn {
  const made = yield* compact(agent.window, requestOf(agent, await agent.system), signal, { wish });
  if (!made && !signal.aborted) yield { type: "notice", text: "Nothing was left out." };
  return signal.aborted ? "aborted" : "done";
}
