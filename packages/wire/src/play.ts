import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
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
    if (step.type === "wait") await rest(step.ms, left);
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
  { chunkBytes, chunkDelayMs, untilRead = false }: WireOptions,
  left: AbortSignal,
): Promise<void> {
  const enough = performance.now() + 5000; // on a machine that is this busy, the rest need not arrive apart
  for (const chunk of chunkBytes === undefined ? [bytes] : cutBytes(bytes, chunkBytes)) {
    if (chunkDelayMs !== undefined) await rest(chunkDelayMs, left);
    if (left.aborted) return;
    // A turn for a client in this process to read it: up to Node 24, fetch joins the pieces that it finds together.
    await new Promise<void>((resolve) => response.write(chunk, () => setImmediate(resolve)));
    if (untilRead && performance.now() < enough) await waitUntilRead(response.socket, left);
  }
}

const rest = (ms: number, left: AbortSignal) => pause(ms, undefined, { signal: left }).catch(() => undefined);

/**
 * Waits until the client, in whatever process, has taken from its socket what was sent. Linux shows how much has not
 * been read, in a table of all connections that may take a while to make; elsewhere the client gets some time.
 */
async function waitUntilRead(socket: Socket | null, left: AbortSignal): Promise<void> {
  const connections = "/proc/net/tcp";
  const ends = [socket?.localPort, socket?.remotePort].map((port = 0) => `0100007F:${hex(port)}`);
  while (!left.aborted) {
    await rest(2, left);
    const table = await readFile(connections, "latin1").catch(() => undefined);
    if (table === undefined) return await rest(20, left);
    const rows = table.split("\n").map((row) => row.trim().split(/\s+/));
    const between = rows.filter(
      ([, from = "", to = ""]) => from !== to && ends.includes(from) && ends.includes(to),
    );
    // The fifth field is what is on its way, and what has arrived and waits to be read: "00000000:0000001A".
    if (between.every(([, , , , queues]) => queues === "00000000:00000000")) return;
  }
}

const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
