import { isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import type { HttpCall } from "../service.ts";
import { refuse } from "./refusals.ts";

const BETA = "message-threads-2026-08-12";

/** Conversations that the service holds between requests. */
export interface Threads {
  /** The request with all of the conversation that it goes on with. Throws a `Refusal` for one that is not held. */
  expand(call: HttpCall): HttpCall;
  /** The body of such a request, as far as it is known. */
  whole(body: unknown): unknown;
  /** Holds what was asked in this body, and what the reply of this id said. */
  keep(id: string, body: unknown, content: readonly JsonObject[]): void;
}

/**
 * A client may send only what is new, behind the id of the reply before: the SDK's `toolRunner` does.
 * See https://platform.claude.com/docs/en/build-with-claude/message-threads
 */
export function openThreads(): Threads {
  const held = new Map<string, JsonObject>();
  const whole = (body: unknown) => {
    if (!isObject(body) || !("thread" in body)) return body;
    const { thread, ...asked } = body;
    const before = held.get(stringOf(objectOf(thread).previous_message_id)) ?? {};
    return { ...before, ...asked, messages: [...listOf(before.messages), ...listOf(asked.messages)] };
  };
  return {
    whole,
    expand(call) {
      const { thread } = objectOf(call.body);
      if (thread !== null && !call.headers["anthropic-beta"]?.includes(BETA)) return call;
      const { type, previous_message_id: id } = objectOf(thread);
      if (type === "continue" && !held.has(stringOf(id))) throw notHeld(stringOf(id));
      return { ...call, body: whole(call.body) };
    },
    keep(id, body, content) {
      if (!isObject(objectOf(body).thread)) return;
      const asked = objectOf(whole(body));
      held.set(id, { ...asked, messages: [...listOf(asked.messages), { role: "assistant", content }] });
    },
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const notHeld = (id: string) =>
  refuse(`thread.previous_message_id: no thread was found for ${id}`, {
    status: 404,
    type: "not_found_error",
    details: { error_code: "thread_not_found" },
  });
