import type { ScriptedCall } from "@eightfold/wire";

/** The calls that a scripted model makes, as the book defines its tools. */
export const readFile = (path: string, page: { offset?: number; limit?: number } = {}): ScriptedCall => ({
  name: "read_file",
  input: { path, ...page },
});
export const listFiles = (input: { path?: string; depth?: number } = {}): ScriptedCall => ({
  name: "list_files",
  input,
});
export const grep = (pattern: string, where: { path?: string; glob?: string } = {}): ScriptedCall => ({
  name: "grep",
  input: { pattern, ...where },
});
export const editFile = (path: string, old_text: string, new_text: string): ScriptedCall => ({
  name: "edit_file",
  input: { path, old_text, new_text },
});
export const writeFile = (path: string, content: string): ScriptedCall => ({
  name: "write_file",
  input: { path, content },
});
export const runBash = (command: string, timeout?: number): ScriptedCall => ({
  name: "run_bash",
  input: { command, ...(timeout !== undefined && { timeout }) },
});
