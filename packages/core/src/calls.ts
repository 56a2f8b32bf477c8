import type { ToolCall, ToolResult } from "./conversation.ts";
import { clip } from "./text.ts";
import type { PreparedCall, Report, Tool, ToolOutput } from "./tool.ts";

/** Tools clip their own output, with advice on how to get the rest. This is the last defence against a flood. */
const MAX_CHARACTERS = 100_000;

const STOPPED = "Not run: the user stopped the turn.";

/**
 * The first step of a call: known tool? arguments valid? what would it do? Nothing is done yet. A call that cannot run
 * goes on as one without any effect, whose run says why, so whatever judges calls is never asked about it.
 */
export async function prepareCall(
  tools: readonly Tool[],
  call: ToolCall,
  signal: AbortSignal,
): Promise<PreparedCall> {
  try {
    if (signal.aborted) throw new Error(STOPPED);
    return await toolOf(call, tools).prepare(call);
  } catch (error) {
    return { call, input: call.input, plan: { type: "none" }, run: failing(messageOf(error)) };
  }
}

/** The same call, which must not run: `reason` is its result, for the model to read. */
export function refuseCall(call: PreparedCall, reason: string): PreparedCall {
  return { ...call, plan: { type: "none" }, run: failing(reason) };
}

/** The last step of a call. Whatever happens is its one result, for the model to read: this never throws. */
export async function runCall(
  { call, plan, run }: PreparedCall,
  signal: AbortSignal,
  report?: Report,
): Promise<ToolResult> {
  if (signal.aborted) return failed(call, STOPPED);
  try {
    return resultOf(call, await run(plan, signal, report));
  } catch (error) {
    return failed(call, signal.aborted ? "Stopped by the user before it finished." : messageOf(error));
  }
}

function toolOf(call: ToolCall, tools: readonly Tool[]): Tool {
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = tools.map(({ name }) => name).join(", ");
    throw new Error(
      `There is no tool named ${JSON.stringify(call.name)}. The tools are: ${names || "none"}.`,
    );
  }
  if (call.invalid !== undefined) throw new Error(`${call.invalid}\nNothing was run.`);
  return tool;
}

function resultOf(call: ToolCall, output: ToolOutput): ToolResult {
  return {
    role: "tool",
    callId: call.id,
    name: call.name,
    text: clip(output.text.toWellFormed(), MAX_CHARACTERS),
    isError: output.isError ?? false,
    summary: output.summary,
    ...(output.diff !== undefined && { diff: output.diff }),
  };
}

function failed(call: ToolCall, text: string): ToolResult {
  const [summary = ""] = text.split("\n");
  return resultOf(call, { text, summary, isError: true });
}

function failing(reason: string): PreparedCall["run"] {
  return () => Promise.reject(new Error(reason));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
