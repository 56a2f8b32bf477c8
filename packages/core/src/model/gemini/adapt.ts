import type { Part } from "@google/genai/web";
import type { Message, NativeTurn } from "../../conversation.ts";
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

/** Changes what a refusal complains about. False when there is nothing left to change. */
export function adapt(dialect: Dialect, refusal: Refusal, conversation: readonly Message[]): boolean {
  const { status, said, isInStream } = refusal;
  if (isInStream) return false;
  if (status === 404 && dialect.apiVersion === "v1") {
    dialect.apiVersion = "v1beta";
    return true;
  }
  if (status !== 400) return false;
  if (/thought[\s_-]*signature/i.test(said)) return distrust(dialect, conversation);
  if (/thinking|include_?thoughts/i.test(said) && dialect.thoughts) {
    dialect.thoughts = false;
    return true;
  }
  return false;
}

function distrust({ unsigned }: Dialect, conversation: readonly Message[]): boolean {
  const natives = conversation.flatMap((message) =>
    message.role === "assistant" ? (message.native ?? []) : [],
  );
  const fresh = natives.filter((native) => !unsigned.has(native));
  for (const native of fresh) unsigned.add(native);
  return fresh.length > 0;
}

/** A reply's own parts, where it may go back as it was: same model, and its signatures were never refused. */
export function ownParts(native: NativeTurn, model: string, dialect: Dialect): Part[] | undefined {
  const isOwn = native.provider === "gemini" && native.model === model && !dialect.unsigned.has(native);
  return isOwn && Array.isArray(native.data) ? native.data : undefined;
}
