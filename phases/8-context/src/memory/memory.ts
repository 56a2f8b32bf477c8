import type { ToolCall, ToolResult } from "@eightfold/core";

const MARKS = { pending: "·", in_progress: "▸", done: "✓" };

/** What an agent knows by heart. It is kept beside the conversation, and so outlives a compaction of it. */
export interface Memory {
  /** The last request. */
  readonly task: string;
  readonly todo: readonly { readonly step: string; readonly status: keyof typeof MARKS }[];
  /** The files that were read or changed, the last one first. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

export const emptyMemory: Memory = { task: "", todo: [], files: [], notes: [] };

const MAX_TASK = 1000;
const MAX_FILES = 8;
const MAX_NOTES = 5;

const FILE_TOOLS = ["read_file", "edit_file", "write_file"];

export function rememberRequest(memory: Memory, request: string): Memory {
  return { ...memory, task: request.slice(0, MAX_TASK).toWellFormed() };
}

export function rememberResult(memory: Memory, call: ToolCall, result: ToolResult): Memory {
  const { path } = call.input;
  if (result.isError || !FILE_TOOLS.includes(call.name) || typeof path !== "string") return memory;
  if (path === memory.files[0]) return memory;
  const others = memory.files.filter((file) => file !== path);
  return { ...memory, files: [path, ...others].slice(0, MAX_FILES) };
}

/** The oldest note gives way. */
export function rememberNote(memory: Memory, note: string): Memory {
  const others = memory.notes.filter((each) => each !== note);
  return { ...memory, notes: [...others, note].slice(-MAX_NOTES) };
}

/** For the model, and as Markdown for the user; "" when there is nothing to remember. */
export function renderMemory({ task, todo, files, notes }: Memory): string {
  const lists = { Plan: todoLines(todo), "Files, the last used first": files, Notes: notes };
  const parts = Object.entries(lists)
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}:\n${lines.map((line) => `- ${line}`).join("\n")}`);
  return [...(task ? [`Task: ${task}`] : []), ...parts].join("\n\n");
}

export function todoLines(todo: Memory["todo"]): string[] {
  const markOf = (status: keyof typeof MARKS) => (Object.hasOwn(MARKS, status) ? MARKS[status] : "?"); // a damaged file's
  return todo.map(({ step, status }) => `${markOf(status)} ${step}`);
}
