import { clip } from "./clip.ts";
import type { ToolCall, ToolResult } from "./conversation.ts";
import type { Permit, ReadyCall, Report, Tool, ToolOutput } from "./tool.ts";

/** The tools clip their own output with advice on how to go on; this is the last line against a flood. */
const MAX_CHARACTERS = 100_000;

const STOPPED = "Not run: the user stopped the turn.";

/**
 * Runs one call: known tool? arguments valid? permitted? run; clip. Whatever happens is a result for the model to
 * read, so this never throws, and every call that passes through it has its one result.
 */
export async function runTool(
  tools: readonly Tool[],
  call: ToolCall,
  signal: AbortSignal,
  permit?: Permit,
  report?: Report,
): Promise<ToolResult> {
  if (signal.aborted) return failed(call, STOPPED);
  try {
    const ready = await readyCall(tools, call);
    const refusal = await permit?.(ready, signal);
    if (refusal !== undefined) return failed(call, `Not run: ${refusal}`);
    if (signal.aborted) return failed(call, STOPPED);
    return resultOf(call, await ready.run(signal, report));
  } catch (error) {
    return failed(call, signal.aborted ? "Stopped by the user before it finished." : messageOf(error));
  }
}

async function readyCall(tools: readonly Tool[], call: ToolCall): Promise<ReadyCall> {
  const tool = tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = tools.map(({ name }) => name).join(", ");
    throw new Error(
      `There is no tool named ${JSON.stringify(call.name)}. The tools are: ${names || "none"}.`,
    );
  }
  if (call.invalid !== undefined) throw new Error(`${call.invalid}\nNothing was run.`);
  return tool.prepare(call.input);
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
