import { expect } from "vitest";
import type { Fault } from "../../src/index.ts";
import { type Exceptions, noNetwork, ownScript, type Row } from "./row.ts";
import { ask, expectAccepted, turn } from "./talk.ts";
import { askAboutReadme, tellsReadme } from "./tools.ts";

const answers = (status: number, body: unknown, headers: Record<string, string> = {}): Fault => ({
  type: "http",
  status,
  body,
  headers,
});

/** An answer that no request can mend, and how the user is told of it. */
function told(behaviour: string, fault: Fault, error: object, except: Exceptions = {}): Row {
  return {
    behaviour,
    except: { ...noNetwork, ...except },
    async holds({ open }) {
      await using talk = await open([{ fault }, tellsReadme]);
      const { reply, events } = await ask(talk, "hello");
      expect(reply.error).toMatchObject({ retryable: false, ...error });
      expect(events.some(({ type }) => type === "retry")).toBe(false);
      expect(talk.requests).toHaveLength(1);
    },
  };
}

const call = '{"name":"read_file","arguments":{"path":"README.md"}}';
const gateway = {
  message: "Provider returned error",
  metadata: { raw: '{"error":{"message":"No such field."}}' },
};

/** What says one thing at its outside, and another inside. */
export const contradictions: readonly Row[] = [
  {
    behaviour: "an error with the status of success is an error, and may pass",
    except: noNetwork,
    async holds({ open }) {
      const busy = { error: { message: "It is rate-limited. Please try again in 1ms.", code: 429 } };
      await using talk = await open([{ fault: answers(200, busy) }, tellsReadme]);
      const { reply, events } = await ask(talk, "hello");
      expect(events[0]).toMatchObject({ type: "retry", error: { kind: "rate_limit" } });
      expect(reply.stop).toBe("done");
    },
  },
  told(
    "a web page with the status of success is told as that, once",
    answers(200, "<!doctype html><title>Sign in</title>", { "content-type": "text/html" }),
    { kind: "bad_reply", message: expect.stringContaining("text/html where a stream") },
  ),
  told(
    "an address that has moved is told with the new one",
    answers(301, "", { location: "https://new.example/v1" }),
    {
      message: expect.stringContaining("It has moved to https://new.example/v1"),
    },
  ),
  told("the innermost reason is the one that is told", answers(400, { error: gateway }), {
    message: expect.stringMatching(/400: No such field\.$/),
  }),
  told(
    "a gateway that has tried again itself is not asked again",
    answers(503, { error: { message: "Busy." } }, { "x-should-retry": "false" }),
    { message: expect.stringContaining("503: Busy.") },
  ),
  told(
    "an account without credit is not asked again, whatever the status",
    answers(429, { error: { message: "Please check your plan and billing details." } }),
    { kind: "quota" },
    {
      gemini: "it says the same of what is left for a minute",
      ollama: "it sells no credit",
      "text form": "Ollama sells no credit",
    },
  ),
  told(
    "a conversation that is too long is one in whatever words",
    answers(400, { message: "Range of input length should be [1, 32768]" }),
    { kind: "context_too_long" },
  ),
  {
    behaviour: "a call in the markup that models are trained on is a call, behind all thoughts of it",
    except: ownScript,
    async holds({ open }) {
      const text = `<think>\nI should emit a <tool_call>.\n</think>\n\n<tool_call>\n${call}\n</tool_call><|im_end|>`;
      await using talk = await open([{ text }, tellsReadme]);
      const [first, last] = await turn(talk, askAboutReadme);
      expect(first).toMatchObject({
        stop: "tool_calls",
        message: { toolCalls: [{ name: "read_file", input: { path: "README.md" } }] },
      });
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "markup of a call that cannot be read is answered, and the reply is not done",
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([
        { text: `I will read it.\n<tool_call>${call.slice(0, -1)}</tool_call>` },
        tellsReadme,
      ]);
      const [first, last] = await turn(talk, askAboutReadme);
      expect(first).toMatchObject({
        stop: "tool_calls",
        message: {
          text: "I will read it.",
          toolCalls: [{ invalid: expect.stringContaining("could not be read") }],
        },
      });
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
];
