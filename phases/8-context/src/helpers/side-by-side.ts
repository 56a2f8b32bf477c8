import type { Report, Tool, ToolCall, ToolEvent, ToolResult } from "@eightfold/core";

/** Takes a call through all of its steps, to its one result. */
export type RunCall = (call: ToolCall, report: Report) => Promise<ToolResult>;

/**
 * Runs the calls of one reply: one after the other, except that neighbours whose tools allow it run at the same time.
 * Each has its one `tool_end`, in the order of the calls.
 */
export async function* runSideBySide(
  tools: readonly Tool[],
  calls: readonly ToolCall[],
  run: RunCall,
): AsyncGenerator<ToolEvent> {
  for (const group of groupsOf(tools, calls)) yield* runTogether(group, run);
}

function groupsOf(tools: readonly Tool[], calls: readonly ToolCall[]): ToolCall[][] {
  const mayJoin = ({ name }: ToolCall) => tools.some((tool) => tool.name === name && tool.sideBySide);
  const groups: ToolCall[][] = [];
  for (const call of calls) {
    const last = groups.at(-1);
    if (last && mayJoin(call) && last.every(mayJoin)) last.push(call);
    else groups.push([call]);
  }
  return groups;
}

async function* runTogether(calls: readonly ToolCall[], run: RunCall): AsyncGenerator<ToolEvent> {
  const progress: ToolEvent[] = [];
  let news = Promise.withResolvers<void>();
  for (const call of calls) yield { type: "tool_start", call };
  const running = calls.map((call) => {
    const result = run(call, (text, more) => {
      progress.push({ type: "tool_progress", call, text, ...more });
      news.resolve();
    });
    return { call, result };
  });

  for (const { call, result } of running) {
    let ended: ToolResult | undefined;
    while (!ended) {
      ended = await Promise.race([result, news.promise.then(() => undefined)]);
      news = Promise.withResolvers();
      yield* progress.splice(0);
    }
    yield { type: "tool_end", call, result: ended };
  }
}
