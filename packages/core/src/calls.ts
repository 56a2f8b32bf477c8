import { once } from "node:events";
import type { ToolCall, ToolResult } from "./conversation.ts";
import { clip, quote } from "./text.ts";
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
    return await unlessStopped(toolOf(call, tools).prepare(call), signal);
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
    const output = run(plan, signal, report);
    return resultOf(call, await (plan?.type === "read" ? unlessStopped(output, signal) : output));
  } catch (error) {
    return failed(call, signal.aborted ? "Stopped by the user before it finished." : messageOf(error));
  }
}

/** Whatever only reads is left when the user stops, because a slow disk may take minutes. What changes something is waited for. */
async function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const over = new AbortController();
  const stopped = once(signal, "abort", over).then(() => Promise.reject(new Error(STOPPED)));
  return await Promise.race([work, stopped]).finally(() => over.abort());
}

function toolOf(call: ToolCall, tools: readonly Tool[]): Tool {
  if (call.invalid !== undefined) throw new Error(`${call.invalid}\nNothing was run.`);
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = tools.map(({ name }) => name).join(", ");
    throw new Error(
      `There is no tool named ${quote(JSON.stringify(call.name))}. The tools are: ${names || "none"}.`,
    );
  }
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
