import { boxFlags, openBox } from "@eightfold/gate";
import { chooseModel, modelFlags } from "@eightfold/providers";
import { aboutPhase, openTerminal, readCommandLine, runMain } from "@eightfold/terminal";
import { completePath, openWorkspace } from "@eightfold/workspace";
import { type Agent, runTurn } from "./agent.ts";
import { commands, runSlashCommand } from "./commands.ts";
import { approvals, openGate, type Policy } from "./permissions.ts";
import { buildPrompt } from "./prompt.ts";
import { createTools } from "./tools/index.ts";

const FLAGS = [
  { name: "max-steps", value: "N", text: "replies of the model per turn (default: 50)" },
  ...modelFlags,
  { name: "approval", choices: approvals, text: "ask first, do everything (auto), or only read (never)" },
  ...boxFlags,
] as const;

await runMain(async () => {
  const about = aboutPhase(import.meta.url);
  const flags = await readCommandLine(about, FLAGS);
  const workspace = await openWorkspace(flags.cwd);
  const box = await openBox(workspace, flags);
  const policy: Policy = { approval: flags.approval ?? "ask", always: new Set(), box };
  const { model, reason } = await chooseModel(flags);
  const terminal = openTerminal({
    about,
    model,
    reason,
    workspace,
    box,
    request: flags.request,
    commands,
    completePath: (typed) => completePath(workspace, typed),
  });
  const agent: Agent = {
    model,
    tools: createTools(workspace),
    system: buildPrompt(workspace, policy),
    conversation: [],
    maxSteps: Number(flags["max-steps"] ?? 50),
    policy,
    openGate: () => openGate(policy, terminal),
  };

  for await (const request of terminal.requests()) {
    if (await runSlashCommand(request, agent, terminal)) continue;
    await terminal.show((signal) => runTurn(request, agent, signal));
  }
});
