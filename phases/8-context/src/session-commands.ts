import { resolve } from "node:path";
import { clip, type Message, type StopReason } from "@eightfold/core";
import { type Agent, type AgentEvent, requestOf } from "./agent.ts";
import type { Command } from "./commands.ts";
import { renderMemory } from "./memory/memory.ts";
import { undo } from "./memory/undo.ts";
import { newSession, recorded, type Session } from "./sessions/session.ts";
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
    help: "let a summary stand for the conversation so far; `/compact WISH` says what it should keep",
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
    name: "/undo",
    help: "put back the files that the last turn changed",
    run: async ({ session, workspace }, terminal) =>
      terminal.say(await undo(session, workspace).catch(({ message }: Error) => message)),
  },
  {
    name: "/session",
    help: "the session's name, to go on with it later",
    run: ({ session, workspace }, terminal) =>
      terminal.say(
        `Turns: ${session.total.turns}. File: \`${session.file}\`\n\n${howToResume(session, workspace.root)}`,
      ),
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

/** A command line that works wherever it is pasted. In a block of code, where no line is broken. */
export function howToResume({ id }: Session, root: string): string {
  const repository = resolve(import.meta.dirname, "../../..");
  const pnpm = process.cwd() === repository ? "pnpm" : `pnpm -C ${quoted(repository)}`;
  const start = process.env.EIGHTFOLD_PROGRAM ?? `${pnpm} phase 8 start`;
  return `This goes on with it:\n\n\`\`\`\n${start} --cwd ${quoted(root)} --resume ${id}\n\`\`\``;
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** How a session ended that is gone on with, as Markdown: its last two requests that were answered, and the answers. */
export function lastExchanges(log: readonly Message[]): string {
  const exchanges: { request: string; answer: string }[] = [];
  for (const { role, text } of log) {
    const last = exchanges.at(-1);
    if (role === "user") exchanges.push({ request: text, answer: "" });
    else if (role === "assistant" && text && last) last.answer = text;
  }
  const shown = exchanges.filter(({ answer }) => answer !== "").slice(-2);
  return shown
    .map(
      ({ request, answer }) => `> ${clip(request, 1000).replaceAll("\n", "\n> ")}\n\n${clip(answer, 4000)}`,
    )
    .join("\n\n");
}

async function* compactNow(
  agent: Agent,
  wish: string,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, StopReason> {
  const made = yield* compact(agent.window, requestOf(agent, await agent.system), signal, { wish });
  if (!made && !signal.aborted) yield { type: "notice", text: "Nothing was left out." };
  return signal.aborted ? "aborted" : "done";
}
