import type { ModelRequest, ToolCall, ToolResult } from "@eightfold/core";

/** All that a playbook may look at: what was asked, what tools are on offer, and what they brought so far. */
export interface Situation {
  readonly request: string;
  /** What the user said in earlier turns, oldest first. */
  readonly earlier: readonly string[];
  readonly tools: ReadonlySet<string>;
  /** The calls of this turn that have their result, in order. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name: string;
  readonly input: ToolCall["input"];
  readonly text: string;
  readonly isError: boolean;
}

/** The next move: something to say, and perhaps calls to make. Without calls the turn is over. */
export interface Move {
  readonly say: string;
  readonly calls?: readonly { readonly name: string; readonly input: ToolCall["input"] }[];
}

/** Says something, and calls one tool. */
export function use(say: string, name: string, input: ToolCall["input"]): Move {
  return { say, calls: [{ name, input }] };
}

export interface Playbook {
  /** A request that this playbook answers, for the list of what the demo can do. */
  readonly example: string;
  answers(request: string): boolean;
  next(situation: Situation): Move;
}

export function situationOf({ conversation, tools }: ModelRequest): Situation {
  const requests = conversation.filter((message) => message.role === "user").map(({ text }) => text);
  const turn = conversation.slice(conversation.findLastIndex(({ role }) => role === "user"));
  const calls = turn.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
  const results = turn.filter((message) => message.role === "tool");
  return {
    request: requests.at(-1) ?? "",
    earlier: requests.slice(0, -1),
    tools: new Set(tools?.map(({ name }) => name)),
    steps: results.flatMap((result) => stepOf(result, calls)),
  };
}

function stepOf({ callId, name, text, isError }: ToolResult, calls: readonly ToolCall[]): Step[] {
  const call = calls.find(({ id }) => id === callId);
  return call ? [{ name, input: call.input, text, isError }] : [];
}

/** The last step that used a tool, with this path if one is given. */
export function lastStep({ steps }: Situation, name: string, path?: string): Step | undefined {
  return steps.findLast((step) => step.name === name && (path === undefined || step.input.path === path));
}

/** What read_file brought of a file, without the line numbers. */
export function fileText(situation: Situation, path: string): string | undefined {
  const lines = lastStep(situation, "read_file", path)?.text.split("\n");
  return lines?.flatMap((line) => /^ *\d+\t(.*)$/s.exec(line)?.[1] ?? []).join("\n");
}

const FIRST_PHASE_WITH: Readonly<Record<string, number>> = {
  read_file: 2,
  list_files: 3,
  grep: 3,
  edit_file: 4,
  write_file: 4,
  run_bash: 5,
};

/** What to say when a tool that is needed now is not on offer; undefined when it is. */
export function lacks({ tools }: Situation, name: string, purpose: string): Move | undefined {
  if (tools.has(name)) return undefined;
  return { say: `I have no tool to ${purpose}. Phase ${FIRST_PHASE_WITH[name]} has one: \`${name}\`.` };
}
