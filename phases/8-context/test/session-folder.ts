import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssistantMessage, Message, ToolResult } from "@eightfold/core";
import { onTestFinished } from "vitest";
import { newSession, resumeSession, type Session } from "../src/sessions/session.ts";

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-session-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const user = (text: string): Message => ({ role: "user", text });

export const assistant = (text: string, ...ids: readonly string[]): AssistantMessage => ({
  role: "assistant",
  text,
  toolCalls: ids.map((id) => ({ id, name: "read_file", input: { path: `${id}.txt` } })),
});

export const result = (callId: string, text = "the text"): ToolResult => ({
  role: "tool",
  callId,
  name: "read_file",
  text,
  isError: false,
  summary: "1 of 1 lines",
});

export const notFinished = (callId: string): ToolResult => ({
  ...result(callId, "Not finished: the session was interrupted."),
  isError: true,
  summary: "not finished",
});

function fail(message: string): never {
  throw new Error(message);
}

/** What is said of lines that are damaged. */
export const lost = (lines: number) => `Damaged lines lost from its file: ${lines}.`;

export const INTERRUPTED = "Its last turn was interrupted.";

/** A session that can be saved. */
export const begin = (root: string): Promise<Session> => newSession(root, fail);
export const resume = (root: string, wanted = "latest") => resumeSession(root, wanted, fail);

export function say(session: Session, ...messages: readonly Message[]): void {
  for (const message of messages) session.append({ type: "message", message });
}

export async function recordsIn(file: string): Promise<{ type: string }[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

/** A session of one turn, and the folder it is of. */
export async function closedSession(): Promise<{ root: string; session: Session }> {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("read a"), assistant("", "a"), result("a"), assistant("Read."));
  session.endTurn("done", { usage: {} });
  session.close();
  return { root, session };
}
