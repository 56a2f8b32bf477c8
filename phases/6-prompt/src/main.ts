import { chooseModel, modelFlags } from "@eightfold/providers";
import { aboutPhase, openTerminal, readCommandLine, runMain } from "@eightfold/terminal";
import { completePath, openWorkspace } from "@eightfold/workspace";
import { type Agent, runTurn } from "./agent.ts";
import { commands, runSlashCommand } from "./commands.ts";
import { buildPrompt } from "./prompt.ts";
import { createTools } from "./tools/index.ts";

const maxSteps = {
  name: "max-steps",
  value: "N",
  text: "replies of the model per turn (default: 50)",
} as const;

await runMain(async () => {
  const about = aboutPhase(import.meta.url);
  const flags = await readCommandLine(about, [maxSteps, ...modelFlags]);
  const workspace = await openWorkspace(flags.cwd);
  const { model, reason } = await chooseModel(flags);
  const agent: Agent = {
    model,
    tools: createTools(workspace),
    system: buildPrompt(workspace),
    conversation: [],
    maxSteps: Number(flags["max-steps"] ?? 50),
  };

  const terminal = openTerminal({
    about,
    model,
    reason,
    workspace,
    request: flags.request,
    commands,
    completePath: (typed) => completePath(workspace, typed),
  });
  for await (const request of terminal.requests()) {
    if (await runSlashCommand(request, agent, terminal)) continue;
    await terminal.show((signal) => runTurn(request, agent, signal));
  }
});
