import { expect } from "vitest";
import type { RetryHint } from "../../src/index.ts";
import { type Exceptions, onNetwork, type Row } from "./row.ts";
import { ask, retriesIn } from "./talk.ts";
import { tellsReadme, tools } from "./tools.ts";

/** The wait before the next attempt is the service's own, in whatever way it tells it. */
function hinted(
  how: string,
  hint: RetryHint,
  waitMs: [least: number, most: number],
  except: Exceptions,
): Row {
  return {
    behaviour: `a hint of how long to wait is kept to: ${how}`,
    except: { ...onNetwork, ...except },
    async holds({ open }) {
      await using talk = await open([{ fault: { type: "rate_limit", hint, seconds: 20 } }]);
      const conversation = [{ role: "user", text: "hello" }] as const;
      const stream = talk.model.stream({ conversation, tools }, new AbortController().signal);
      const { value } = await stream.next();
      const [retry] = retriesIn("type" in value ? [value] : []);
      expect(retry?.error).toMatchObject({ kind: "rate_limit", retryable: true });
      expect(retry?.waitMs).toBeGreaterThanOrEqual(waitMs[0]);
      expect(retry?.waitMs).toBeLessThanOrEqual(waitMs[1]);
      await stream.return(undefined as never);
    },
  };
}

const inDetails = { gemini: "Google tells it in the error's details, and its SDK drops the headers" };
const noWords = { ollama: "it never says so", "text form": "Ollama never says so" };

/** Too many requests: how long to wait, and when not to. */
export const waits: readonly Row[] = [
  hinted("retry-after in seconds", "retry_after_seconds", [20_000, 20_000], inDetails),
  hinted("retry-after-ms", "retry_after_ms", [20_000, 20_000], inDetails),
  // A date is in whole seconds, and the clock runs.
  hinted("retry-after as a date", "retry_after_date", [10_000, 20_000], inDetails),
  hinted("the error's details", "retry_info", [20_000, 20_000], {
    ...noWords,
    responses: "these are Google's",
    chat: "these are Google's",
  }),
  hinted("the words of the message", "text", [20_000, 20_000], noWords),
  {
    behaviour: "after the wait the request is made again",
    except: onNetwork,
    async holds({ open, hint = "none" }) {
      await using talk = await open([{ fault: { type: "rate_limit", hint, seconds: 0.001 } }, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toMatchObject([{ attempt: 1, error: { kind: "rate_limit" } }]);
      expect(retriesIn(events)[0]?.waitMs).toBeLessThanOrEqual(1);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
      expect(talk.requests.map(({ raw }) => raw)).toEqual([talk.requests[0]?.raw, talk.requests[0]?.raw]);
    },
  },
  {
    behaviour: "too many requests, without a hint, are made again",
    except: onNetwork,
    async holds({ open }) {
      await using talk = await open([
        { fault: { type: "rate_limit", hint: "none", seconds: 0 } },
        tellsReadme,
      ]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toMatchObject([{ waitMs: 0, error: { kind: "rate_limit" } }]);
      expect(reply.stop).toBe("done");
    },
  },
  {
    behaviour: "a hint of an hour is an error at once, which tells how long",
    except: onNetwork,
    async holds({ open, hint = "none" }) {
      await using talk = await open([{ fault: { type: "rate_limit", hint, seconds: 3600 } }, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      const error = {
        kind: "rate_limit",
        retryAfterMs: 3_600_000,
        hint: expect.stringMatching(/60 min|1 h/),
      };
      expect(reply).toMatchObject({ stop: "error", error });
      expect(talk.requests).toHaveLength(1);
    },
  },
  {
    behaviour: "after five refusals in a row it is an error, which says how often it was tried",
    except: onNetwork,
    async holds({ open, hint = "none" }) {
      const busy = { fault: { type: "rate_limit", hint, seconds: 0.001 } } as const;
      await using talk = await open([busy, busy, busy, busy, busy, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toHaveLength(4);
      expect(reply).toMatchObject({
        stop: "error",
        error: { kind: "rate_limit", hint: expect.stringContaining("Tried 5 times") },
      });
      expect(talk.requests).toHaveLength(5);
      expect((await ask(talk, "hello")).reply.stop).toBe("done");
    },
  },
];
