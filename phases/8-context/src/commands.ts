import { UsageError } from "@eightfold/core";
import { chooseModel, inWords, modelNames } from "@eightfold/providers";
import type { Terminal } from "@eightfold/terminal";
import { describeLastRequest } from "@eightfold/trace";
import type { Agent } from "./agent.ts";
import { approvalNamed, approvals, meaning } from "./permissions.ts";
import { sessionCommands } from "./session-commands.ts";

export interface Command {
  readonly name: string;
  readonly help: string;
  /** Whether words may follow the name; a function lists those to offer. */
  readonly takesWords?: true | (() => Promise<readonly string[]>);
  run(agent: Agent, terminal: Terminal, argument: string): Promise<void> | void;
}

export const commands: readonly Command[] = [
  {
    name: "/tools",
    help: "the tools that the model may call",
    run: ({ tools }, terminal) =>
      terminal.say(tools.map(({ name, description }) => `- \`${name}\` ${description}`).join("\n")),
  },
  {
    name: "/usage",
    help: "tokens and cost so far",
    run: (_, terminal) => terminal.say(terminal.usage()),
  },
  {
    name: "/wire",
    help: "what was new in the last request, its size, what was cached",
    run: (_, terminal) => terminal.say(describeLastRequest()),
  },
  {
    name: "/prompt",
    help: "the system prompt, as it is sent",
    run: async ({ system }, terminal) => terminal.say(asCode(await system)),
  },
  {
    name: "/model",
    help: "the model that answers; `/model PROVIDER[:NAME] [FLAGS]` switches to another, `/model FLAGS` with this one",
    takesWords: modelNames,
    run: switchModel,
  },
  {
    name: "/approval",
    help: `what needs your permission; \`/approval ${approvals.join("|")}\` changes it`,
    takesWords: true,
    run: switchApproval,
  },
  ...sessionCommands,
];

/** Runs a command, which the terminal hands on as the list has it; false for a request, which is for the model. */
export async function runSlashCommand(line: string, agent: Agent, terminal: Terminal): Promise<boolean> {
  const [, name, words = ""] = /^(\/[a-z]+)(?: (.*))?$/.exec(line) ?? [];
  const command = commands.find((each) => each.name === name);
  await command?.run(agent, terminal, words);
  return command !== undefined;
}

async function switchModel(agent: Agent, terminal: Terminal, wanted: string): Promise<void> {
  try {
    const named = wanted.startsWith("--") ? `${inWords(agent.model)} ${wanted}` : wanted;
    if (named) agent.model = (await chooseModel(named)).model;
    await terminal.say(`\`${inWords(agent.model)}\` answers.`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await terminal.say(error.message.replaceAll("--model ", "/model "));
  }
}

/** The model reads of it in the conversation: the system prompt never changes. */
async function switchApproval(agent: Agent, terminal: Terminal, wanted: string): Promise<void> {
  const { policy, session } = agent;
  const approval = approvalNamed(wanted);
  if (wanted && !approval) return terminal.say(`It is one of ${approvals.join(", ")}.`);
  if (approval && approval !== policy.approval) {
    policy.approval = approval;
    session.append({ type: "note", text: `[The user changes what you may do. ${meaning[approval]}]` });
  }
  await terminal.say(`\`${policy.approval}\`: ${meaning[policy.approval]}`);
}

/** Shown as it is, in a fence longer than any inside. */
function asCode(text: string): string {
  const fence = "~".repeat(Math.max(3, ...Array.from(text.matchAll(/~+/g), ([run]) => run.length + 1)));
  return `${fence}\n${text}\n${fence}`;
}
