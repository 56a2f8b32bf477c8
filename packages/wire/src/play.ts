import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { cutBytes } from "./chunks.ts";
import type { Step } from "./plan.ts";
import type { WireOptions } from "./script.ts";

/** One answer under way. */
export interface Exchange {
  /** Aborted when the client goes away before the server has ended the answer. */
  readonly left: AbortSignal;
  /** Settles when the connection is done with the answer, in whatever way. */
  readonly closed: Promise<void>;
  /** To be called when the server ends the answer. */
  over(): void;
}

/** Watches a response for a client that leaves early. */
export function openExchange(response: ServerResponse): Exchange {
  const controller = new AbortController();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  response.once("close", () => {
    if (!isOver) controller.abort();
    resolve();
  });
  return {
    left: controller.signal,
    closed,
    over: () => {
      isOver = true;
    },
  };
}

/** Takes the steps of an answer, up to the one that ends it, or until the client leaves. */
export async function play(
  steps: Step[],
  response: ServerResponse,
  options: WireOptions,
  { left, over }: Exchange,
): Promise<void> {
  for (const step of grouped(steps, options.chunkBytes !== undefined)) {
    if (left.aborted || step.type === "stall") return;
    if (step.type === "head") {
      response.writeHead(step.status, { ...step.headers });
      response.flushHeaders();
    }
    if (step.type === "body") await send(step.bytes, response, options, left);
    if (step.type === "wait") await pause(step.ms, undefined, { signal: left }).catch(() => undefined);
    if (step.type === "end") return void response.end(over);
    if (step.type === "reset") {
      over();
      response.socket?.resetAndDestroy();
      return;
    }
  }
}

/** Neighbouring bodies joined, so that a piece may hold several events. */
function grouped(steps: Step[], join: boolean): Step[] {
  if (!join) return steps;
  const result: Step[] = [];
  let bodies: Buffer[] = [];
  const flush = () => {
    if (bodies.length > 0) result.push({ type: "body", bytes: Buffer.concat(bodies) });
    bodies = [];
  };
  for (const step of steps) {
    if (step.type === "body") bodies.push(step.bytes);
    else {
      flush();
      result.push(step);
    }
  }
  flush();
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
    // A turn for the client to read it: up to Node 24, fetch joins the pieces that it finds together.
    await new Promise<void>((resolve) => response.write(chunk, () => setImmediate(resolve)));
  }
}
