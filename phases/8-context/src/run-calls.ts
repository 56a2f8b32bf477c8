import {
  type Permit,
  runTool,
  type Tool,
  type ToolCall,
  type ToolEvent,
  type ToolResult,
} from "@eightfold/core";

/**
 * Runs the calls of one reply: one after the other, but for neighbours whose tools may run side by side. Each has
 * its one `tool_end`, in the order of the calls.
 */
export async function* runCalls(
  tools: readonly Tool[],
  calls: readonly ToolCall[],
  signal: AbortSignal,
  permit?: Permit,
): AsyncGenerator<ToolEvent> {
  for (const group of groupsOf(tools, calls)) yield* runTogether(tools, group, signal, permit);
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

async function* runTogether(
  tools: readonly Tool[],
  calls: readonly ToolCall[],
  signal: AbortSignal,
  permit: Permit | undefined,
): AsyncGenerator<ToolEvent> {
  const told: ToolEvent[] = [];
  let news = Promise.withResolvers<void>();
  for (const call of calls) yield { type: "tool_start", call };
  const running = calls.map((call) => {
    const result = runTool(tools, call, signal, permit, (text, reply) => {
      told.push({ type: "tool_progress", call, text, ...(reply && { reply }) });
      news.resolve();
    });
    return { call, result };
  });

  for (const { call, result } of running) {
    let ended: ToolResult | undefined;
    while (!ended) {
      ended = await Promise.race([result, news.promise.then(() => undefined)]);
      news = Promise.withResolvers();
      yield* told.splice(0);
    }
    yield { type: "tool_end", call, result: ended };
  }
}
