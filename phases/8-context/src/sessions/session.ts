import {
  addReply,
  type Message,
  noUsage,
  type Reversal,
  type StopReason,
  type UsageTotal,
} from "@eightfold/core";
import { createJournal, type Journal, openJournal, readRecords, sameShape } from "@eightfold/journal";
import { leftRunning } from "@eightfold/shell";
import type { TurnEvent } from "@eightfold/terminal";
import type { Turn } from "../agent.ts";
import { emptyMemory, type Memory } from "../memory/memory.ts";
import { type View, wholeLog } from "../window/view.ts";
import { type PairedLog, pairedLog } from "./paired-log.ts";

const VERSION = 1;

/** One line of a session's file. A session is its records: whatever it knows is what they add up to. */
export type SessionRecord =
  | { type: "message"; message: Message }
  /** What the user did between two turns, told to the model: it may be that they undid the last changes. */
  | { type: "note"; text: string; undoes?: true }
  /** What requests show of the messages from now on. */
  | { type: "view"; view: View }
  /** Files of the first edition name the to-do list `plan`. */
  | { type: "memory"; memory: Memory & { plan?: Memory["todo"] } }
  /** A file is about to be changed. */
  | { type: "change"; change: Reversal }
  /** A message in the conversation of a helper. */
  | { type: "delegate"; helper: string; message: Message }
  | { type: "turn_end"; stop: StopReason; spent: UsageTotal; total: Total };

/** The session so far. It is in each `turn_end`, so that a list of sessions does not have to read all of their files. */
export interface Total {
  readonly turns: number;
  /** Of the turns whose cost is known. */
  readonly costUsd?: number | undefined;
}

/** As a file has it that may be damaged: what is not a number of turns or of dollars is left out. */
export function totalOf({ turns, costUsd }: { readonly turns?: unknown; readonly costUsd?: unknown }): Total {
  const isCount = (value: unknown): value is number => typeof value === "number" && value >= 0;
  return { turns: isCount(turns) ? turns : 0, ...(isCount(costUsd) && { costUsd }) };
}

interface State {
  readonly paired: PairedLog;
  view: View;
  memory: Memory;
  /** What the tools changed, in order, and in which turn. */
  changes: { readonly turn: number; readonly change: Reversal }[];
  total: Total;
  isTurnOpen: boolean;
}

/** What a record adds: the same when it happens and when it is read back. */
function apply(state: State, record: SessionRecord): void {
  switch (record.type) {
    case "message":
      state.paired.add(record.message);
      state.isTurnOpen = true;
      break;
    case "note": {
      state.paired.add({ role: "user", text: record.text });
      const last = record.undoes && state.changes.at(-1)?.turn;
      state.changes = state.changes.filter(({ turn }) => turn !== last);
      break;
    }
    case "view": {
      const view = sameShape(wholeLog, record.view);
      const ends = Object.values({ ...view, resultRoom: 0 }).filter((each) => typeof each === "number");
      if (Math.max(...ends) > state.paired.messages.length) throw new TypeError("Its log is lost.");
      state.view = view;
      break;
    }
    case "memory": {
      const { plan, ...memory } = record.memory;
      const like: Memory = { task: "", todo: [{ step: "", status: "done" }], files: [""], notes: [""] };
      state.memory = sameShape(like, { ...(plan && { todo: plan }), ...memory });
      break;
    }
    case "change":
      sameShape({ path: "", after: "", start: 0, length: 0 }, record.change);
      state.changes.push({ turn: state.total.turns, change: record.change });
      break;
    case "turn_end":
      state.total = totalOf(sameShape({ turns: 0 }, record.total));
      state.isTurnOpen = false;
  }
}

export interface Session extends Readonly<State> {
  readonly id: string;
  readonly file: string;
  /** The conversation, whole. */
  readonly log: readonly Message[];
  /** Saves a record, then lets it count. What the screen shows after that is never lost. */
  append(record: SessionRecord): void;
  remember(change: (memory: Memory) => Memory): void;
  endTurn(stop: StopReason, spent: UsageTotal): void;
  close(): void;
}

/** @param state what its records add up to so far */
export function sessionOf(journal: Journal, state: State = newState()): Session {
  function append(record: SessionRecord): void {
    journal.append(record);
    apply(state, record);
  }
  return Object.assign(state, {
    log: state.paired.messages,
    id: journal.id,
    file: journal.file,
    append,
    remember(change: (memory: Memory) => Memory) {
      const memory = change(state.memory);
      if (memory !== state.memory) append({ type: "memory", memory });
    },
    endTurn(stop: StopReason, spent: UsageTotal) {
      const { total, isTurnOpen } = state;
      const isNothing = spent.costUsd === 0 && !Object.values(spent.usage).some(Boolean); // nothing was asked
      if (isNothing && !isTurnOpen) return;
      const turns = total.turns + (isTurnOpen ? 1 : 0);
      const cost = isNothing ? undefined : spent.costUsd;
      const costUsd = cost === undefined ? total.costUsd : (total.costUsd ?? 0) + cost;
      append({ type: "turn_end", stop, spent, total: { turns, costUsd } });
    },
    close: journal.close,
  });
}

function newState(): State {
  const nothing = { view: wholeLog, memory: emptyMemory, changes: [], total: { turns: 0 } };
  return { paired: pairedLog(), ...nothing, isTurnOpen: false };
}

/** @param onTrouble is told once when the session cannot be saved; it goes on all the same */
export async function newSession(root: string, onTrouble: (message: string) => void): Promise<Session> {
  const about = { cwd: root, createdAt: new Date().toISOString(), phase: 8 };
  return sessionOf(await createJournal(root, VERSION, about, onTrouble));
}

/** Passes a turn on, and keeps in the session what it used, and why it ended. */
export async function* recorded(session: Session, turn: Turn): AsyncGenerator<TurnEvent, StopReason> {
  const spent = noUsage();
  let stop: StopReason = "error";
  try {
    let next = await turn.next();
    for (; !next.done; next = await turn.next()) {
      addReply(spent, next.value);
      yield next.value;
    }
    stop = next.value;
    return stop;
  } finally {
    session.endTurn(stop, spent);
  }
}

/**
 * Reads a session back, and ends the turn that was interrupted.
 * @param wanted an id, or "latest". @throws UsageError when it cannot be resumed
 */
export async function resumeSession(root: string, wanted: string, onTrouble: (message: string) => void) {
  const journal = await openJournal(root, VERSION, wanted, onTrouble);
  const state = newState();
  const damaged = readRecords<SessionRecord>(journal.file, (record) => apply(state, record));
  const session = sessionOf(journal, state);
  const notices = [`Resumed session ${session.id}.`];
  if (damaged > 0) notices.push(`Damaged lines lost from its file: ${damaged}.`);
  if (state.paired.messages.length === 0) notices.push("Its file holds no message: what was said is lost.");
  if (state.isTurnOpen) notices.push("Its last turn was interrupted.", ...leftRunning(root));
  for (const message of state.paired.unfinished()) session.append({ type: "message", message });
  if (state.isTurnOpen) session.endTurn("aborted", { usage: {} });
  return { session, notice: notices.join(" ") };
}
