import type { ToolCall } from "@eightfold/core";
import { parseArguments } from "../arguments.ts";
import { callId } from "../call-id.ts";
import { replayArguments } from "./own-turn.ts";

/** A piece of a tool call. Compatible servers leave out what they like, and add fields of their own. */
export interface CallFragment {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly type?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

/** A call as far as it has come. */
export interface CallDraft {
  readonly index: number | undefined;
  id: string;
  name: string;
  arguments: string;
  /** Fields that only this server knows, to be sent back with the call: Gemini signs its calls in one. */
  extra: object;
}

/**
 * Adds a piece to the call it belongs to. Pieces of several calls may come in turns, told apart by their index. Some
 * servers put all calls at the same index, so an id that is new there begins a new call; and so does a name after
 * arguments that are already complete, for servers that give no ids.
 */
export function addFragment(drafts: CallDraft[], fragment: CallFragment): void {
  const { index, id, type: _, function: called, ...extra } = fragment;
  let draft = drafts.findLast((known) => known.index === (index ?? undefined));
  if (!draft || beginsAnother(draft, id ?? "", called?.name ?? "")) {
    draft = { index: index ?? undefined, id: "", name: "", arguments: "", extra: {} };
    drafts.push(draft);
  }
  draft.id ||= id ?? "";
  draft.name ||= called?.name ?? "";
  draft.arguments += textOf(called?.arguments);
  draft.extra = { ...draft.extra, ...extra };
}

function beginsAnother(draft: CallDraft, id: string, name: string): boolean {
  if (id !== "" && draft.id !== "") return id !== draft.id;
  return name !== "" && draft.arguments !== "" && parseArguments(draft.arguments).invalid === undefined;
}

/** The arguments are JSON in a string; some servers send the object itself. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Gives every draft an id that no call of the conversation has yet. */
export function nameCalls(drafts: readonly CallDraft[], taken: ReadonlySet<string>): void {
  const used = new Set(taken);
  for (const draft of drafts) {
    draft.id = callId(draft.id, used);
    used.add(draft.id);
  }
}

export function callOf({ id, name, arguments: written }: CallDraft): ToolCall {
  return { id, name, ...parseArguments(written) };
}

/** The call in Chat's own form, as it is sent back. */
export function ownCall({ id, name, arguments: written, extra }: CallDraft): object {
  return { ...extra, id, type: "function", function: { name, arguments: replayArguments(written) } };
}
