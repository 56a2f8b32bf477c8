/** What is sent, as a trace keeps it, and where in the conversation it comes. */
import type { Usage } from "@eightfold/core";
import type { Lane, StoredBody, TraceLine } from "./lines.ts";
import { laneNow, openedTrace, record } from "./record.ts";
import { safeHeaders, safeUrl, withoutSecrets } from "./secrets.ts";

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers | undefined;
  readonly body: string | undefined;
  /** False for what no socket carries. */
  readonly sent?: false;
}

/** For each lane: how far it has come, and its last body, from which the next is written as a difference. */
interface Conversation {
  turn: number;
  step: number;
  attempt: number;
  /** The last request for a reply. */
  id: number | undefined;
  bodies: number;
  last: { readonly id: number; readonly text: string } | undefined;
}

const conversations = new Map<Lane, Conversation>();

/** The turn that runs, from 1, and the lane that asked last: helpers have their own, and run beside the others. */
export const now: { turn: number; lane: Lane } = { turn: 0, lane: "main" };

/** The last two requests of the main conversation for a reply, and what the provider counted: `/wire` tells of them. */
export const recent = { url: "", before: "", last: "", usage: undefined as Usage | undefined };

let ids = 0;
let traced: object | undefined;

/** Notes a request, and writes it to the trace. Returns its id; undefined without a trace. */
export function noteRequest({ method, url, headers, body, sent }: Sent): number | undefined {
  const lane = laneNow();
  const isForReply = method === "POST" && !url.endsWith("/api/show");
  if (isForReply && lane === "main" && body !== undefined)
    Object.assign(recent, { url, before: recent.last, last: body, usage: undefined });
  const trace = openedTrace();
  if (!trace) return undefined;
  if (traced !== trace) begin(trace);
  const id = ++ids;
  const conversation = isForReply ? beginAttempt(lane, id) : undefined;
  const { step, attempt } = conversation ?? { step: 0, attempt: 1 };
  const place = { id, lane, turn: now.turn, step, attempt };
  const head = { method, url: safeUrl(url), headers: safeHeaders(headers) };
  const stored = storedBody(conversation, id, body);
  record({ type: "request", ...place, ...head, ...stored, ...(sent === false && { sent }) });
  return id;
}

/** The body that a request is a difference from is in the same file. */
function begin(trace: object): void {
  conversations.clear();
  ids = 0;
  traced = trace;
}

function conversationOf(lane: Lane): Conversation {
  const known = conversations.get(lane);
  if (known) return known;
  const begun = { turn: now.turn, step: 1, attempt: 0, id: undefined, bodies: 0, last: undefined };
  conversations.set(lane, begun);
  return begun;
}

function beginAttempt(lane: Lane, id: number): Conversation {
  const conversation = conversationOf(lane);
  if (conversation.turn !== now.turn) Object.assign(conversation, { turn: now.turn, step: 1, attempt: 0 });
  if (!lane.startsWith("helper")) now.lane = lane;
  conversation.id = id;
  conversation.attempt++;
  return conversation;
}

/** The next request of the lane is for another reply. Returns the one that was answered. */
export function endStep(lane: Lane): number | undefined {
  const conversation = conversationOf(lane);
  conversation.step++;
  conversation.attempt = 0;
  return conversation.id;
}

/** They live no longer than the turn that made them. */
export function forgetHelpers(): void {
  for (const lane of conversations.keys()) if (lane.startsWith("helper")) conversations.delete(lane);
}

/** After this many differences a body is written whole, so a missing one does not take all later ones with it. */
const WHOLE_EVERY = 50;

function storedBody(
  conversation: Conversation | undefined,
  id: number,
  body: string | undefined,
): Pick<TraceLine<"request">, "body" | "sha256"> {
  if (body === undefined) return {};
  const text = withoutSecrets(body);
  const isWhole = !conversation || conversation.bodies++ % WHOLE_EVERY === 0;
  const stored = isWhole ? { text } : against(conversation.last, text);
  if (conversation) conversation.last = { id, text };
  return { body: stored, ...(text === body && { sha256: sha256(text) }) };
}

function sha256(text: string): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", text);
}

function against(base: Conversation["last"], text: string): StoredBody {
  if (!base) return { text };
  const most = Math.min(base.text.length, text.length);
  const keep = sharedStart(base.text, text, most);
  let tail = 0;
  while (tail < most - keep && base.text.at(-1 - tail) === text.at(-1 - tail)) tail++;
  return { base: base.id, keep, text: text.slice(keep, text.length - tail), tail };
}

const BLOCK = 4096;

/** How many characters two texts begin with in common. Most of a request is what the one before was: block by block. */
export function sharedStart(a: string, b: string, most = Math.min(a.length, b.length)): number {
  let shared = 0;
  while (shared + BLOCK <= most && a.slice(shared, shared + BLOCK) === b.slice(shared, shared + BLOCK))
    shared += BLOCK;
  while (shared < most && a[shared] === b[shared]) shared++;
  return shared;
}
