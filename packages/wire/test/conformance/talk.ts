import {
  type AssistantMessage,
  type Message,
  type Model,
  type ModelEvent,
  type ModelRequest,
  prepareCall,
  type Reply,
  runCall,
} from "@eightfold/core";
import { expect } from "vitest";
import type { RecordedRequest, View } from "../../src/index.ts";
import { tools } from "./tools.ts";

/** A conversation with a model, and all that its server sees of it. The demo has no server. */
export interface Talk extends AsyncDisposable {
  readonly model: Model;
  readonly conversation: Message[];
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  readonly lookUps: readonly string[];
  /** A request without its dialect. */
  read(request: RecordedRequest): View;
  /** The server goes away. */
  close(): Promise<void>;
}

/** One reply, with the events that it came in. */
export interface Heard {
  readonly events: readonly ModelEvent[];
  readonly reply: Reply;
}

export interface Asking extends Omit<Partial<ModelRequest>, "conversation"> {
  readonly signal?: AbortSignal;
}

const never = new AbortController().signal;

/** The model's next reply to what was said. It becomes a part of the conversation. */
export async function hear(talk: Talk, asking: Asking = {}): Promise<Heard> {
  const { signal = never, ...request } = asking;
  const stream = talk.model.stream({ conversation: talk.conversation, tools, ...request }, signal);
  const events: ModelEvent[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return keep(talk, { events, reply: next.value });
    events.push(next.value);
  }
}

/** Says something, and hears the reply. */
export function ask(talk: Talk, text: string, asking?: Asking): Promise<Heard> {
  talk.conversation.push({ role: "user", text });
  return hear(talk, asking);
}

/** Runs the calls of a reply as an agent does: each has its result, in order. */
export async function answer(talk: Talk, { toolCalls }: AssistantMessage): Promise<void> {
  for (const call of toolCalls)
    talk.conversation.push(await runCall(await prepareCall(tools, call, never), never));
}

/** A whole turn: replies until one makes no calls. */
export async function turn(talk: Talk, text: string, asking?: Asking): Promise<Reply[]> {
  const replies = [(await ask(talk, text, asking)).reply];
  for (let last = replies[0]; last?.stop === "tool_calls"; last = replies.at(-1)) {
    await answer(talk, last.message);
    replies.push((await hear(talk, asking)).reply);
  }
  return replies;
}

/** Asks, and stops the model in the silence behind `after`, a part of its text or of its reasoning. */
export async function interrupt(
  talk: Talk,
  text: string,
  after: string,
  asking: Asking = {},
): Promise<Heard> {
  talk.conversation.push({ role: "user", text });
  const user = new AbortController();
  const stream = talk.model.stream({ conversation: talk.conversation, tools, ...asking }, user.signal);
  const events: ModelEvent[] = [];
  for (;;) {
    const next = stream.next();
    if (!user.signal.aborted && heardIn(events).includes(after)) {
      await silence(talk);
      user.abort();
    }
    const { done, value } = await next;
    if (done) return keep(talk, { events, reply: value });
    events.push(value);
  }
}

/** Waits until the server has a request, and then as long as it takes to read what it sends at once. */
export async function silence({ requests }: Pick<Talk, "requests">): Promise<void> {
  for (let rounds = 0; rounds < 50; rounds += requests.length > 0 ? 1 : 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function textIn(events: readonly ModelEvent[], type: "text_delta" | "reasoning_delta"): string {
  return events.map((event) => (event.type === type ? event.text : "")).join("");
}

/** All that was streamed, of both kinds. */
export function heardIn(events: readonly ModelEvent[]): string {
  return textIn(events, "reasoning_delta") + textIn(events, "text_delta");
}

export function retriesIn(events: readonly ModelEvent[]): Extract<ModelEvent, { type: "retry" }>[] {
  return events.filter((event) => event.type === "retry");
}

/** Fails for a request that the strict server has refused, or had advice about. */
export function expectAccepted({ requests }: Talk): void {
  expect(requests.flatMap(({ refusal }) => refusal ?? [])).toEqual([]);
  expect(requests.flatMap(({ advice }) => advice)).toEqual([]);
}

/** Fails unless the client has closed the last request before its answer was complete. */
export async function expectClosed({ requests }: Talk): Promise<void> {
  const request = requests.at(-1);
  await request?.closed;
  expect(request?.closedEarly).toBe(true);
}

/** What is true of every reply, whatever it says. */
function keep(talk: Talk, { events, reply }: Heard): Heard {
  const { message, ...end } = reply;
  const { stop, error } = end;
  const { provider, name: model } = talk.model;
  expect(events.at(-1)).toEqual({ type: "reply_end", provider, model, ...end });
  expect(events.filter(({ type }) => type === "reply_end")).toHaveLength(1);
  expect(error === undefined).toBe(stop !== "error");
  expect(error?.message ?? "").not.toContain("the script");
  const valid = events.slice(events.findLastIndex(({ type }) => type === "retry") + 1);
  expect(textIn(valid, "text_delta").trimEnd()).toBe(message.text.trimEnd());
  expect(textIn(valid, "reasoning_delta")).toBe(message.reasoning ?? "");
  expect(message.toolCalls.length > 0).toBe(stop === "tool_calls");
  expect(JSON.parse(JSON.stringify(reply))).toStrictEqual(reply);
  talk.conversation.push(message);
  return { events, reply };
}
