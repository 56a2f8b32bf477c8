/** The lines of a trace, version 1: JSON, one value a line, in the order in which things happened. docs/traces.md has them in words. */
import type { ModelError, Plan, StopReason, ToolCall, Usage } from "@eightfold/core";

/** Whose conversation a request belongs to. A side conversation never breaks the prefix of the main one. */
export type Lane = "main" | "summary" | `helper:${number}`;

/** The first body of a lane and every 50th are whole; the others are differences from an earlier one of the lane. */
export type StoredBody =
  | { readonly text: string }
  /** The first `keep` and the last `tail` characters of the body of request `base`, with `text` in between. Counted as JavaScript counts. */
  | { readonly base: number; readonly keep: number; readonly text: string; readonly tail: number };

/** What the lines about no conversation have, by their type. */
interface CommonLines {
  /** The first line. */
  trace: {
    readonly version: 1;
    /** The time of day at `t` 0, as ISO 8601 has it. */
    readonly started: string;
    readonly phase: number;
    readonly title: string;
  };
  /** Which model answers from here on: at the beginning, and when the user changes it. */
  model: {
    /** As `--model` names it: "openai:gpt-6-luna". */
    readonly model: string;
    readonly reason: string;
    /** The day of the price list that costs are from. */
    readonly priced: string;
  };
  turn: {
    /** From 1. Requests made before the first turn have turn 0. */
    readonly turn: number;
    readonly request: string;
  };
  response: {
    readonly id: number;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  };
  /** What came of the body, in the pieces in which it came. Base64 for what is not text. */
  piece: { readonly id: number } & ({ readonly text: string } | { readonly base64: string });
  /** `cancelled`: whoever read it had enough. `aborted`: the user, or the watchdog, ended it. */
  response_end: {
    readonly id: number;
    readonly how: "done" | "cancelled" | "aborted" | "error";
    readonly message?: string;
    /** Node's, of a connection that failed: "ECONNRESET". */
    readonly code?: string;
  };
  /** A word to the user on what the agent did unasked. */
  notice: { readonly text: string };
  turn_end: {
    readonly turn: number;
    readonly stop: StopReason;
  };
  /** The last line, unless the process was killed. */
  end: { readonly exit: number };
}

/** What the lines of one conversation have besides its lane, by their type. */
interface LaneLines {
  request: {
    /** From 1, over all lanes. */
    readonly id: number;
    readonly turn: number;
    /** The how-manieth reply of its lane in its turn, from 1; 0 for a request that asks for no reply. */
    readonly step: number;
    /** From 1: 2 is the first repetition. */
    readonly attempt: number;
    readonly method: string;
    /** Without user and password, and without the values of its query. */
    readonly url: string;
    /** Only headers that can hold no key. */
    readonly headers: Readonly<Record<string, string>>;
    /** Absent where none was sent. */
    readonly body?: StoredBody;
    /** Of the body as it was sent, in hexadecimal digits. Absent when a secret in it was replaced by asterisks. */
    readonly sha256?: string;
    /** No socket carried it: the demo model is a script, and this is what it was given. */
    readonly sent?: false;
  };
  retry: {
    readonly attempt: number;
    readonly waitMs: number;
    readonly error: ModelError;
  };
  /** A reply has ended. */
  usage: {
    /** The request that was answered. */
    readonly id?: number;
    readonly model: string;
    readonly stop: StopReason;
    /** As every provider's is read; its own words are in the pieces. `cached` and `cacheWrite` are parts of `input`. */
    readonly usage: Usage;
    /** US dollars. */
    readonly cost?: number;
    readonly error?: ModelError;
  };
  call: { readonly call: ToolCall };
  /** What the gate decided, before anyone was asked. */
  decision: {
    readonly callId: string;
    readonly decision: "allow" | "ask" | "deny";
    readonly reason: string;
    /** What the call would do. */
    readonly plan: Plan | undefined;
  };
  /** What the user said to the last question: the call that was to be decided runs, or is refused. */
  answer: {
    readonly answer: "once" | "always" | "no";
    /** How long they took, in milliseconds. */
    readonly waited: number;
  };
  result: {
    readonly callId: string;
    readonly name: string;
    /** What the model reads. */
    readonly model: string;
    /** What the user sees. */
    readonly user: string;
    readonly diff?: string;
    readonly isError?: true;
  };
  /** What requests show of the conversation from here on. */
  view: {
    /** As phase 8's session keeps it: what is clipped, cleared and left out, and what stands for it. */
    readonly view: object;
  };
  /** How full the window is before the next request, as the agent counts: in tokens. */
  window: {
    /** What the model's window holds, and what a request may take of it. */
    readonly size: number;
    readonly limit: number;
    readonly tokens: number;
    /** What they are made of, estimated. */
    readonly parts: Readonly<Partial<Record<"system" | "tools" | "history" | "results" | "summary", number>>>;
  };
}

type Lines = CommonLines & { [Type in keyof LaneLines]: LaneLines[Type] & { readonly lane: Lane } };

/** A line of any type, or of the type named. `t` is in milliseconds since the trace began, by a clock that never goes back. */
export type TraceLine<Wanted extends keyof Lines = keyof Lines> = {
  [Type in Wanted]: { readonly type: Type; readonly t: number } & Lines[Type];
}[Wanted];
