import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { cutBytes } from "./chunks.ts";
import type { Step } from "./plan.ts";
import type { WireOptions } from "./script.ts";

/**
 * Takes the steps of an answer. Returns when the answer is over for the server; a client that leaves early ends
 * it, and aborts `left`.
 */
export async function play(
  steps: Step[],
  response: ServerResponse,
  options: WireOptions,
  left: AbortSignal,
): Promise<void> {
  for (const step of grouped(steps, options.chunkBytes !== undefined)) {
    if (left.aborted) return;
    if (step.type === "head") {
      response.writeHead(step.status, { ...step.headers });
      response.flushHeaders();
    } else if (step.type === "body") await send(step.bytes, response, options, left);
    else if (step.type === "wait") await pause(step.ms, undefined, { signal: left }).catch(() => undefined);
    else {
      if (step.type === "reset") response.socket?.resetAndDestroy();
      // After a reset this sends nothing; it marks the answer as ended by the server.
      if (step.type !== "stall") response.end();
      return;
    }
  }
}

/** Neighbouring bodies joined, so that a piece may hold several events. */
function grouped(steps: Step[], join: boolean): Step[] {
  const result: Step[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    if (join && step.type === "body" && last?.type === "body") {
      result[result.length - 1] = { type: "body", bytes: Buffer.concat([last.bytes, step.bytes]) };
    } else result.push(step);
  }
  return result;
}

async function send(
  bytes: Buffer,
  response: ServerResponse,
  { chunkBytes, chunkDelayMs }: WireOptions,
  left: AbortSignal,
): Promise<void> {
  for (const chunk of chunkBytes === undefined ? [bytes] : cutBytes(bytes, chunkBytes)) {
    if (chunkDelayMs !== undefined)
      await pause(chunkDelayMs, undefined, { signal: left }).catch(() => undefined);
    if (left.aborted) return;
    await new Promise<void>((resolve) => response.write(chunk, () => resolve()));
  }
}
