/** Tool calls of Chat Completions, put together from their pieces. */
import type { ToolCall } from "@eightfold/core";
import { areTwo, argumentsText, isWhole, joined, ownerOfPiece, readCall } from "../../call-arguments.ts";
import { isRecord, recordOf, toolName, wordsOf } from "../../wire-values.ts";
import { replayArguments } from "../quirks.ts";

/** A call as far as it has come. */
export interface CallDraft {
  index: string;
  id: string;
  name: string;
  arguments: string;
  /** Fields that only this server knows, to be sent back with the call: Gemini signs its calls in one. */
  extra: object;
}

type Piece = Omit<CallDraft, "extra">;

/** Adds a piece to the call it belongs to, or begins a call with it. Compatible servers leave out what they like. */
export function addFragment(drafts: CallDraft[], fragment: unknown): void {
  if (!isRecord(fragment)) return;
  const { index, id, type: _, function: called, ...extra } = fragment;
  // Some servers leave out the level of the function, or have another word for the arguments.
  const { name, arguments: written, parameters, input } = recordOf(called ?? fragment);
  const piece: Piece = {
    index: wordsOf(index),
    id: wordsOf(id),
    name: wordsOf(name),
    arguments: argumentsText(written ?? parameters ?? input),
  };
  const owner = ownerOf(drafts, piece);
  const draft = owner ?? { ...piece, arguments: "", extra: {} };
  if (!owner) drafts.push(draft);
  draft.index ||= piece.index;
  draft.id ||= piece.id;
  draft.name = piece.name.startsWith(draft.name) ? piece.name : draft.name + piece.name;
  draft.arguments = joined(draft.arguments, piece.arguments);
  draft.extra = { ...draft.extra, ...extra };
}

/** A piece belongs to the call of its id, else of its index, else to the last one. */
function ownerOf(drafts: readonly CallDraft[], piece: Piece): CallDraft | undefined {
  const byId = piece.id === "" ? undefined : drafts.findLast(({ id }) => id === piece.id);
  const byIndex = drafts.findLast(({ index }) => index !== "" && index === piece.index);
  const last = drafts.at(-1);
  const byPlace = piece.name === "" ? ownerOfPiece(byIndex, last, writtenIn) : (byIndex ?? last);
  const owner = byId ?? byPlace;
  return owner && beginsAnother(owner, piece) ? undefined : owner;
}

const writtenIn = (draft: CallDraft) => draft.arguments;

/**
 * Only a piece with a name begins a call, or one with a new id after whole arguments: some servers put all calls at one
 * index, some give each piece an id or an index of its own, or send a name in pieces. No arguments at a new index: a head.
 */
function beginsAnother(owner: CallDraft, { index, id, name, arguments: written }: Piece): boolean {
  const isDone = () => isWhole(owner.arguments);
  const isNewId = id !== "" && owner.id !== "" && id !== owner.id;
  if (name === "") return isNewId && isDone();
  const isSameName = name === owner.name;
  const isNewIndex = index !== "" && owner.index !== "" && index !== owner.index;
  if (isNewId || (isNewIndex && (id === "" || written === "" || !isSameName || isDone()))) return true;
  if (isSameName) return id === "" ? isDone() : areTwo(owner.arguments, written);
  return owner.name !== "" && (owner.id === "" || owner.arguments !== "");
}

export function callOf({ id, name, arguments: written }: CallDraft): ToolCall {
  return readCall(id, name, written);
}

/** The call in Chat's own form, as it is sent back. */
export function ownCall({ id, name, arguments: written, extra }: CallDraft): object {
  const called = { name: toolName(name), arguments: replayArguments(written) };
  return { ...extra, id, type: "function", function: called };
}
