import { expect } from "vitest";
import type { Fault } from "../../src/index.ts";
import { noNetwork, type Row } from "./row.ts";
import { ask, expectAccepted, heardIn, retriesIn } from "./talk.ts";
import { askAboutReadme, readsReadme, tellsReadme } from "./tools.ts";

const half = { text: "Half of it is lost." };

/** A reply that breaks off is void: it is asked for again, and the next attempt stands alone. */
function askedAgain(how: string, fault: Fault, except: Row["except"] = {}): Row {
  return {
    behaviour: `a reply ${how} is asked for again`,
    except: { ...noNetwork, ...except },
    async holds({ open }) {
      await using talk = await open([{ ...half, fault }, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toMatchObject([{ attempt: 1, error: { kind: "cut_off", retryable: true } }]);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
      expect(talk.requests).toHaveLength(2);
      expectAccepted(talk);
    },
  };
}

/** Replies that break off. */
export const cuts: readonly Row[] = [
  askedAgain("cut between two events", { type: "cut", at: "text" }),
  askedAgain("cut inside an event", { type: "cut_inside", at: "text" }),
  askedAgain("whose connection is reset", { type: "reset", at: "text" }),
  askedAgain("whose connection is reset before the headers", { type: "reset", at: "headers" }),
  askedAgain("with a status and nothing else", { type: "empty_body" }),
  askedAgain("that lacks its last event", { type: "no_terminal" }, { chat: "its [DONE] is mark enough" }),
  {
    behaviour: "a whole reply is taken without the mark behind it",
    except: {
      ...noNetwork,
      responses: "nothing comes behind its last event",
      gemini: "nothing comes behind its last chunk",
      ollama: "nothing comes behind its last line",
      "text form": "nothing comes behind Ollama's last line",
    },
    async holds({ open }) {
      await using talk = await open([{ ...tellsReadme, fault: { type: "no_done" } }]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
    },
  },
  {
    behaviour: "a reply cut in a call runs nothing, and is asked for again",
    except: noNetwork,
    async holds({ open }) {
      const text = "I will read it, and again.";
      await using talk = await open([
        { ...readsReadme, text, fault: { type: "cut", at: "call" } },
        readsReadme,
      ]);
      const { events, reply } = await ask(talk, askAboutReadme);
      expect(heardIn(events)).toContain(text);
      expect(retriesIn(events)).toHaveLength(1);
      expect(reply.message).toMatchObject({ text: readsReadme.text, toolCalls: [{ name: "read_file" }] });
    },
  },
  {
    behaviour: "an error inside the stream is told in the service's words, and asked again",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([{ ...half, fault: { type: "error_event", at: "text" } }, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      const message = expect.stringMatching(/overloaded|server busy/i);
      expect(retriesIn(events)).toMatchObject([{ error: { message, retryable: true } }]);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
    },
  },
  {
    behaviour: "a reply that ends in a failure is asked for again",
    except: {
      ...noNetwork,
      ollama: "it fails with an error inside the stream: see that row",
      "text form": "Ollama fails with an error inside the stream",
    },
    async holds({ open, failed = "" }) {
      const fault = { type: "finish", reason: failed } as const;
      await using talk = await open([{ ...readsReadme, fault }, tellsReadme]);
      const { events, reply } = await ask(talk, askAboutReadme);
      expect(retriesIn(events)).toMatchObject([{ error: { retryable: true } }]);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
      expectAccepted(talk);
    },
  },
  {
    behaviour: "an error inside the stream that asking again does not cure ends the reply",
    except: noNetwork,
    async holds({ open }) {
      const fault = { type: "error_event", at: "text", refusal: "context_too_long" } as const;
      await using talk = await open([{ ...half, fault }, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      expect(reply).toMatchObject({ stop: "error", error: { kind: "context_too_long", retryable: false } });
      expect(reply.message.text).toBe("Half of");
    },
  },
  {
    behaviour: "after five attempts it is an error, and what came of the last is kept",
    except: noNetwork,
    async holds({ open }) {
      const cut = { ...half, fault: { type: "cut", at: "text" } } as const;
      await using talk = await open([cut, cut, cut, cut, cut, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
      expect(reply).toMatchObject({ stop: "error", message: { text: "Half of", toolCalls: [] } });
      expect(reply.error).toMatchObject({ kind: "cut_off", hint: expect.stringContaining("Tried 5 times") });
      expect((await ask(talk, "Go on.")).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
];
