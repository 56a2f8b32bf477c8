import { setTimeout as sleep } from "node:timers/promises";
import { expect, vi } from "vitest";
import { noNetwork, type Row } from "./row.ts";
import { ask, expectClosed, hear, retriesIn, silence, type Talk } from "./talk.ts";
import { askAboutReadme, tellsReadme, tools } from "./tools.ts";

/** A clock of our own for the time that a service is given. It stands still between our steps. */
async function withClock(steps: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await steps();
  } finally {
    vi.useRealTimers();
  }
}

function begin({ model, conversation }: Talk) {
  conversation.push({ role: "user", text: askAboutReadme });
  return model.stream({ conversation, tools }, new AbortController().signal);
}

/** A service that says nothing is given up after its time. */
function timesOut(when: string, at: "headers" | "text", deltas: number): Row {
  return {
    behaviour: `a service that falls silent ${when} is given up, and asked again`,
    except: noNetwork,
    isAlone: true,
    async holds({ open }) {
      await using talk = await open([
        { text: "Half of it is lost.", fault: { type: "stall", at } },
        tellsReadme,
      ]);
      const stream = begin(talk);
      await withClock(async () => {
        for (let count = 0; count < deltas; count++) await stream.next();
        const next = stream.next();
        await silence(talk);
        vi.advanceTimersByTime(3_600_000);
        const error = {
          kind: "timeout",
          message: expect.stringMatching(/^[A-Z].* sent nothing for \d+ min/),
        };
        expect((await next).value).toMatchObject({ type: "retry", error });
      });
      await expectClosed(talk);
      expect((await hear(talk)).reply.stop).toBe("done");
    },
  };
}

/** Services that take their time. */
export const silences: readonly Row[] = [
  {
    behaviour: "a service that takes its time is waited for",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([{ ...tellsReadme, fault: { type: "delay", at: "headers", ms: 40 } }]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      expect(reply.stop).toBe("done");
    },
  },
  timesOut("before its headers", "headers", 0),
  timesOut("in the middle of its text", "text", 1),
  {
    behaviour: "a service that goes on talking is never given up",
    except: noNetwork,
    isAlone: true,
    async holds({ open }) {
      const text = "One word after the other, for as long as it takes to tell all of the story. ".repeat(2);
      await using talk = await open([{ text }], { chunkDelayMs: 1 });
      const stream = begin(talk);
      await withClock(async () => {
        let next = stream.next();
        for (await silence(talk); ; next = stream.next()) {
          await new Promise((resolve) => setImmediate(resolve));
          vi.advanceTimersByTime(240_000);
          const { done, value } = await next;
          if (done) return expect(value).toMatchObject({ stop: "done", message: { text } });
          expect(value.type).not.toBe("retry");
        }
      });
    },
  },
  {
    behaviour: "a service that writes a long call is never given up",
    except: {
      ...noNetwork,
      gemini: "its calls come whole",
      ollama: "its calls come whole",
    },
    isAlone: true,
    async holds({ open }) {
      const input = { path: "a/".repeat(150) };
      await using talk = await open([{ calls: [{ name: "read_file", input }] }], { chunkDelayMs: 4 });
      const stream = begin(talk);
      await withClock(async () => {
        // Nothing of a call is shown, so that there is nothing to hear until it is whole.
        let isOver = false;
        const next = stream.next().finally(() => {
          isOver = true;
        });
        for (await silence(talk); !isOver; await sleep(2)) vi.advanceTimersByTime(60_000);
        expect((await next).value).toMatchObject({ type: "reply_end", stop: "tool_calls" });
      });
    },
  },
];
