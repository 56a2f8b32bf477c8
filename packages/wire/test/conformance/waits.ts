import { expect } from "vitest";
import type { RetryHint } from "../../src/index.ts";
import { type Exceptions, noNetwork, type Row } from "./row.ts";
import { ask, retriesIn, type Talk } from "./talk.ts";
import { tellsReadme, tools } from "./tools.ts";

type Retry = ReturnType<typeof retriesIn>[number];

/** What a model does first, when that is to wait. It does not get to wait. */
async function firstWait(opened: Talk): Promise<Retry | undefined> {
  await using talk = opened;
  const conversation = [{ role: "user", text: "hello" }] as const;
  for await (const event of talk.model.stream({ conversation, tools }, new AbortController().signal)) {
    return retriesIn([event])[0];
  }
  return undefined;
}

/** The wait before the next attempt is the service's own, in whatever way it tells it. */
function hinted(how: string, hint: RetryHint, [least, most]: [number, number], except: Exceptions): Row {
  return {
    behaviour: `a hint of how long to wait is kept to: ${how}`,
    except: { ...noNetwork, ...except },
    async holds({ open }) {
      const retry = await firstWait(await open([{ fault: { type: "rate_limit", hint, seconds: 20 } }]));
      expect(retry?.error).toMatchObject({ kind: "rate_limit", retryable: true });
      expect(retry?.waitMs).toBeGreaterThanOrEqual(least);
      expect(retry?.waitMs).toBeLessThanOrEqual(most);
    },
  };
}

const inDetails = { gemini: "Google tells it in the error's details, and its SDK drops the headers" };
const inSeconds = { anthropic: "it tells it in retry-after alone" };
const noWords = { ollama: "it never says so", "text form": "Ollama never says so" };

/** Too many requests: how long to wait, and when not to. */
export const waits: readonly Row[] = [
  hinted("retry-after in seconds", "retry_after_seconds", [20_000, 20_000], inDetails),
  hinted("retry-after-ms", "retry_after_ms", [20_000, 20_000], { ...inDetails, ...inSeconds }),
  // A date is in whole seconds, and the clock runs.
  hinted("retry-after as a date", "retry_after_date", [10_000, 20_000], inDetails),
  hinted("the error's details", "retry_info", [20_000, 20_000], {
    ...noWords,
    responses: "these are Google's",
    chat: "these are Google's",
    anthropic: "these are Google's",
  }),
  hinted("the words of the message", "text", [20_000, 20_000], { ...noWords, ...inSeconds }),
  {
    behaviour: "a hint is kept to when the service is overloaded, too",
    except: { ...noNetwork, ...inDetails },
    async holds({ open }) {
      const fault = { type: "http", status: 503, headers: { "retry-after": "20" }, body: "busy" } as const;
      expect(await firstWait(await open([{ fault }]))).toMatchObject({
        waitMs: 20_000,
        error: { kind: "overloaded" },
      });
    },
  },
  {
    behaviour: "a hint inside the stream is kept to",
    except: { ...noNetwork, ...noWords, anthropic: "it tells it in a header only" },
    async holds({ open }) {
      const fault = { type: "error_event", at: "start", refusal: "rate_limit" } as const;
      const wait = { waitMs: 20_000, error: { kind: "rate_limit" } };
      expect(await firstWait(await open([{ ...tellsReadme, fault }]))).toMatchObject(wait);
    },
  },
  {
    behaviour: "a hint that is no time is none",
    except: noNetwork,
    async holds({ open }) {
      const headers = { "retry-after": "-5", "retry-after-ms": "soon" };
      const fault = { type: "http", status: 429, headers, body: "Please try again in a while." } as const;
      expect(await firstWait(await open([{ fault }]))).toMatchObject({
        waitMs: 0,
        error: { kind: "rate_limit" },
      });
    },
  },
  {
    behaviour: "after the wait the request is made again",
    except: noNetwork,
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
    except: noNetwork,
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
    except: noNetwork,
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
    except: noNetwork,
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
