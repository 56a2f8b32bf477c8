import { UsageError } from "@eightfold/core";
import { boxFlags, openBox } from "@eightfold/gate";
import { chooseModel, modelFlags } from "@eightfold/providers";
import { aboutPhase, lastExchanges, openTerminal, readCommandLine, runMain } from "@eightfold/terminal";
import { callsNamedIn, completePath, openWorkspace, stateFolder } from "@eightfold/workspace";
import { type Agent, runTurn, stepBudget } from "./agent.ts";
import { commands, runSlashCommand } from "./commands.ts";
import { approvals, meaning, openGate, type Policy } from "./permissions.ts";
import { buildPrompt } from "./prompt.ts";
import { howToResume } from "./session-commands.ts";
import { chooseSession, listSessions } from "./sessions/list-sessions.ts";
import { newSession, recorded, resumeSession } from "./sessions/session.ts";
import { createTools } from "./tools/index.ts";
import { windowFill } from "./window/window.ts";

const FLAGS = [
  { name: "max-steps", value: "N", text: "replies of the model per turn (default: 50)" },
  { name: "max-depth", value: "N", text: "levels of helpers below the agent (default: 1)" },
  ...modelFlags,
  { name: "approval", choices: approvals, text: "ask first, do everything (auto), or only read (never)" },
  ...boxFlags,
  { name: "resume", value: "[ID]", text: "continue a session of this folder; without an id, choose one" },
  { name: "continue", text: "continue the last session of this folder" },
  { name: "sessions", alone: true, text: "list the sessions of this folder" },
  { name: "output", choices: ["text", "json"], text: "json: one line per event, and the result last" },
] as const;

await runMain(async () => {
  const about = aboutPhase(import.meta.url);
  const flags = await readCommandLine(about, FLAGS);
  if (flags.cwd === undefined && (flags.resume ?? flags.continue ?? flags.sessions) !== undefined)
    throw new UsageError("Sessions are kept in the folder that they work in. Name it with --cwd DIR.");
  const workspace = await openWorkspace(flags.cwd);
  const { request, output, sessions } = flags;
  if (sessions !== undefined) return void process.stdout.write(await listSessions(workspace.root, output));

  const box = await openBox(workspace, flags);
  const policy: Policy = { approval: flags.approval ?? "ask", always: new Set(), box };
  const { model, reason } = await chooseModel(flags);
  let tell = (message: string) => void process.stderr.write(`${message}\n`);
  const wanted = flags.continue === undefined ? flags.resume : "latest";
  const resumed = wanted === "" ? await chooseSession(workspace.root) : wanted;
  const { session, notice } = resumed
    ? await resumeSession(workspace.root, resumed, (message) => tell(message))
    : { session: await newSession(workspace.root, (message) => tell(message)), notice: "" };
  const keys = { runsCommands: true, history: `${stateFolder(workspace.root)}/history` };
  const menus = { commands, completePath: (typed: string) => completePath(workspace, typed) };
  const shown = { output, sessionId: session.id, windowFill: () => windowFill(agent.window) };
  const setting = { about, model, reason, workspace, box, request, ...keys, ...menus, ...shown };
  const terminal = openTerminal(setting);
  tell = (message) => void terminal.say(message);
  if (notice) await terminal.say(notice);
  if (notice && request === undefined) await terminal.say(lastExchanges(session.log));
  if (notice) session.append({ type: "note", text: `[The session goes on. ${meaning[policy.approval]}]` });
  const agent: Agent = {
    model,
    workspace,
    tools: createTools(workspace, () => agent, Number(flags["max-depth"] ?? 1)),
    system: buildPrompt(workspace, policy),
    session,
    window: { session },
    policy,
    openGate: () => openGate(policy, terminal),
    takeStep: () => false,
    saidMeanwhile: terminal.saidMeanwhile,
    callsIn: async (text) => terminal.typedCommand(text) ?? callsNamedIn(workspace, text, tell),
  };

  for await (const request of terminal.requests()) {
    if (await runSlashCommand(request, agent, terminal)) continue;
    agent.takeStep = stepBudget(Number(flags["max-steps"] ?? 50));
    await terminal.show((signal) => recorded(agent.session, runTurn(request, agent, signal)));
  }
  agent.session.close();
  const isWorthIt = request === undefined && agent.session.log.length > 0;
  if (isWorthIt) await terminal.say(howToResume(agent.session, workspace.root));
});
