import type { Message, NativeTurn } from "@eightfold/core";
import type { Part } from "@google/genai/web";
import type { Refusal } from "./failure.ts";

/**
 * What one model takes, as far as we know. It is found out by asking: what the service refuses is left out of the
 * same request, once, and of all that follow.
 */
export interface Dialect {
  /** Preview models are not in v1: "… is not found for API version v1". */
  apiVersion: "v1" | "v1beta";
  /** Whether the model can tell what it thinks. */
  thoughts: boolean;
  /** Replies whose thought signatures were refused: made with another key, or damaged. */
  readonly unsigned: WeakSet<NativeTurn>;
}

export function openDialect(model: string): Dialect {
  return {
    apiVersion: "v1",
    thoughts: !/gemini-(1\.|2\.0)|gemma|learnlm/.test(model),
    unsigned: new WeakSet(),
  };
}

/** What one request was sent with. Others that are under way meanwhile may have found out more by its end. */
export interface Sent extends Pick<Dialect, "apiVersion" | "thoughts"> {
  /** The replies that went out with their signatures. */
  readonly signed: readonly NativeTurn[];
}

export function sentWith(
  { apiVersion, thoughts, unsigned }: Dialect,
  conversation: readonly Message[],
): Sent {
  const natives = conversation.flatMap((message) => (message.role === "assistant" && message.native) || []);
  return { apiVersion, thoughts, signed: natives.filter((native) => !unsigned.has(native)) };
}

/** Changes what a refusal complains about. False when the request held nothing that could be changed. */
export function adapt(dialect: Dialect, sent: Sent, { status, said, isInStream }: Refusal): boolean {
  if (isInStream) return false;
  if (status === 404 && sent.apiVersion === "v1") {
    dialect.apiVersion = "v1beta";
    return true;
  }
  if (status !== 400) return false;
  if (/thought[\s_-]*signature/i.test(said)) {
    for (const native of sent.signed) dialect.unsigned.add(native);
    return sent.signed.length > 0;
  }
  if (/thinking|include_?thoughts/i.test(said) && sent.thoughts) {
    dialect.thoughts = false;
    return true;
  }
  return false;
}

/** A reply's own parts, where it may go back as it was: same model, and its signatures were never refused. */
export function ownParts(native: NativeTurn, model: string, dialect: Dialect): Part[] | undefined {
  const isOwn = native.provider === "gemini" && native.model === model && !dialect.unsigned.has(native);
  return isOwn && Array.isArray(native.data) ? native.data : undefined;
}
