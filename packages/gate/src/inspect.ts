import { stat } from "node:fs/promises";
import type { CommandPlan } from "@eightfold/core";
import { relativePath, type Workspace } from "@eightfold/workspace";
import { commandLine, quoted } from "./command-line.ts";
import { findProgram } from "./find-program.ts";
import { type Command, type Pipeline, pipelinesOf } from "./parse.ts";
import { checkPath, type Folders } from "./paths.ts";
import { namesOf } from "./pattern.ts";
import { Unproved } from "./tokens.ts";

/** As `inspectCommand` of the folder's index. */
export async function inspectCommand(command: string, workspace: Workspace): Promise<CommandPlan> {
  try {
    if (process.platform === "win32") throw new Unproved("no command is known to only read on Windows");
    const script = await scriptOf(pipelinesOf(command), workspace);
    const [bash, cat] = await Promise.all(
      ["bash", "cat"].map(async (name) => (await findProgram(name, workspace.root)).path),
    );
    const proved = { script, bash: bash ?? "", cat: cat ?? "" };
    return { type: "command", command, verdict: "reads", reason: "only reads", proved };
  } catch (error) {
    if (!(error instanceof Unproved)) throw error;
    const { catastropheIn } = await import("./catastrophe.ts");
    const catastrophe = catastropheIn(command);
    const verdict = catastrophe === undefined ? "unproved" : "catastrophe";
    return { type: "command", command, verdict, reason: catastrophe ?? error.message };
  }
}

async function scriptOf(pipelines: readonly Pipeline[], workspace: Workspace): Promise<string> {
  const chains: string[] = [];
  let at: Folders = [workspace.root];
  for (const chain of chainsOf(pipelines)) {
    const { line, folders } = await chainLine(chain, at, workspace);
    chains.push(line);
    at = folders;
  }
  return chains.join("; ");
}

/** What stands between two semicolons. */
function chainsOf(pipelines: readonly Pipeline[]): Pipeline[][] {
  const chains: Pipeline[][] = [];
  for (const pipeline of pipelines) {
    if (pipeline.by === ";") chains.push([]);
    chains.at(-1)?.push(pipeline);
  }
  return chains;
}

/** A chain's line, and where the shell may be after it: a `cd` behind something else may not have happened. */
async function chainLine(chain: readonly Pipeline[], start: Folders, workspace: Workspace) {
  const hasOr = chain.some(({ by }) => by === "||");
  let isCertain = true;
  let sure = start;
  let at = start;
  let line = "";
  for (const { by, commands } of chain) {
    if (line !== "") line += ` ${by} `;
    isCertain &&= by !== "||";
    const [move] = commands;
    if (move !== undefined && isMove(move)) {
      if (commands.length > 1) throw new Unproved("cd in a pipeline moves nothing");
      const folder = await folderOf(move, at, workspace);
      at = hasOr && !isCertain ? [...at, folder] : [folder];
      if (isCertain) sure = at;
      // Where it cannot go, what follows would be in another folder than the one that was looked at.
      line += [`{ builtin cd -P -- ${quoted(folder)} || exit; }`, ...move.redirects].join(" ");
    } else {
      isCertain = false;
      line += await pipelineLine(commands, at, workspace);
    }
  }
  return { line, folders: [...new Set([...sure, ...at])] };
}

async function pipelineLine(
  commands: readonly Command[],
  at: Folders,
  workspace: Workspace,
): Promise<string> {
  const lines: string[] = [];
  for (const { words, redirects } of commands) {
    const names: string[] = [];
    for (const word of words) names.push(...(await namesOf(word, at, workspace)));
    if (commands.some(isMove)) throw new Unproved("cd in a pipeline moves nothing");
    lines.push([await commandLine(names, at, workspace), ...redirects].join(" "));
  }
  return lines.join(" | ");
}

function isMove({ words }: Command): boolean {
  return words[0]?.text === "cd";
}

async function folderOf(
  { words: [, word, more] }: Command,
  at: Folders,
  workspace: Workspace,
): Promise<string> {
  if (word === undefined) throw new Unproved("cd alone leaves the workspace");
  if (more !== undefined || word.pattern !== undefined || word.text.startsWith("-") || word.text === "")
    throw new Unproved("cd is only followed with the name of one folder");
  if (at.length > 1) throw new Unproved("where cd leads depends on another cd");
  const [folder = ""] = await checkPath("cd", word.text, at, workspace);
  const stats = await stat(folder).catch(() => undefined);
  if (!stats?.isDirectory()) throw new Unproved(`there is no folder ${word.text}`);
  if (relativePath(workspace.root, folder).toLowerCase().split("/").includes(".git"))
    throw new Unproved("cd into .git is not known to be harmless");
  return folder;
}
