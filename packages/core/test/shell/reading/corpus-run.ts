import { type CommandOutcome, inspectCommand, runCommand } from "../../../src/shell/index.ts";
import type { Workspace } from "../../../src/workspace/index.ts";

/** What a command said, when it may run without a question; undefined when somebody is asked. */
export async function runIfReads(
  command: string,
  workspace: Workspace,
): Promise<(CommandOutcome & { readonly script: string }) | undefined> {
  const plan = await inspectCommand(command, workspace);
  if (plan.verdict !== "reads") return undefined;
  const outcome = await runCommand(plan, {
    cwd: workspace.root,
    signal: new AbortController().signal,
    timeoutSeconds: 20,
  });
  return { ...outcome, script: plan.script ?? "" };
}

/** Does something for each, a few at a time. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return results;
}
