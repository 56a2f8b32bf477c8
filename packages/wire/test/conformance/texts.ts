import { getEventListeners } from "node:events";
import { expect } from "vitest";
import { noNetwork, ownScript, type Row } from "./row.ts";
import { ask, expectAccepted, expectClosed, hear, retriesIn, textIn } from "./talk.ts";
import { askAboutReadme, readsReadme, tellsReadme, tools } from "./tools.ts";

/** What readers of streams trip over: wide characters, joined emoji, line ends, and what looks like a protocol. */
const awkward =
  'Grüße, 世界 👩‍👩‍👧 🇩🇪 é\r\nfield: "x\\y"\r\n\r\ndata: {}\n\u2028\u2029event: [DONE]\n\n: comment\t</s> <b>';

/** Texts: how they come, and that they come whole. */
export const texts: readonly Row[] = [
  {
    behaviour: "text comes in several deltas",
    except: { demo: "off a terminal it says all at once" },
    async holds({ open }) {
      await using talk = await open([{ text: "One step after the other, as it is made." }]);
      const { events, reply } = await ask(talk, "hello");
      expect(reply).toMatchObject({
        stop: "done",
        message: { text: "One step after the other, as it is made." },
      });
      expect(events.filter(({ type }) => type === "text_delta").length).toBeGreaterThan(2);
    },
  },
  {
    behaviour: "a delta is there before the reply is complete",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([{ text: "Hello to you.", fault: { type: "stall", at: "text" } }]);
      const conversation = [{ role: "user", text: "hello" }] as const;
      const stream = talk.model.stream({ conversation, tools }, new AbortController().signal);
      expect(await stream.next()).toMatchObject({ value: { type: "text_delta" } });
      await stream.return(undefined as never);
      await expectClosed(talk);
    },
  },
  ...([1, "awkward"] as const).map(
    (chunkBytes): Row => ({
      behaviour: `text arrives whole in ${chunkBytes === 1 ? "pieces of one byte" : "pieces cut at the worst places"}`,
      except: noNetwork,
      isLong: chunkBytes === 1,
      async holds({ open }) {
        await using talk = await open([{ text: awkward, reasoning: awkward }], { chunkBytes });
        const { reply } = await ask(talk, "hello");
        expect(reply).toMatchObject({ stop: "done", message: { text: awkward, reasoning: awkward } });
      },
    }),
  ),
  {
    behaviour: "lines may end in \\r\\n, and comments may stand between events",
    except: noNetwork,
    async holds({ open }) {
      const fault = { type: "decorated" } as const;
      await using talk = await open([{ ...readsReadme, fault }], { chunkBytes: "awkward" });
      const { reply } = await ask(talk, askAboutReadme);
      expect(reply).toMatchObject({ stop: "tool_calls", message: { text: readsReadme.text } });
    },
  },
  {
    behaviour: "reasoning is told apart from text, and before it",
    except: { demo: "a script does not think" },
    async holds({ open }) {
      const reasoning = "The user greets. I greet as well.";
      await using talk = await open([{ reasoning, text: "Hello to you." }]);
      const { events, reply } = await ask(talk, "hello");
      expect(reply.message).toMatchObject({ reasoning, text: "Hello to you." });
      expect(textIn(events, "reasoning_delta")).toBe(reasoning);
      const types = events.map(({ type }) => type);
      expect(types.lastIndexOf("reasoning_delta")).toBeLessThan(types.indexOf("text_delta"));
    },
  },
  {
    behaviour: "the last event tells the end of the reply, as the reply itself does",
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      const { provider, name: model } = talk.model;
      const { message: _, ...end } = reply;
      expect(end.stop).toBe("done");
      expect(events.at(-1)).toEqual({ type: "reply_end", provider, model, ...end });
    },
  },
  {
    behaviour: "a finished reply leaves no listener on the user's signal",
    async holds({ open }) {
      await using talk = await open([readsReadme]);
      const { signal } = new AbortController();
      await ask(talk, askAboutReadme, { signal });
      expect(getEventListeners(signal, "abort")).toEqual([]);
    },
  },
  {
    behaviour: "a request without tools is answered",
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      const { reply } = await ask(talk, "hello", { tools: [] });
      expect(reply.stop).toBe("done");
      expect(talk.requests.map((request) => talk.read(request).tools)).toEqual(talk.requests.map(() => []));
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a text that shows what a call looks like is a text",
    except: ownScript,
    async holds({ open }) {
      const text =
        'Write:\n\n```json\n{"name": "read_file", "arguments": {"path": "a"}}\n```\n\nor `<tool name="x">`.';
      await using talk = await open([{ text }]);
      expect((await ask(talk, "hello")).reply).toMatchObject({
        stop: "done",
        message: { text, toolCalls: [] },
      });
    },
  },
  {
    behaviour: "an empty reply is asked for again",
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([{}, { reasoning: "Only thoughts." }, tellsReadme]);
      talk.conversation.push({ role: "user", text: "hello" });
      const { events, reply } = await hear(talk);
      expect(retriesIn(events).map(({ error }) => error.kind)).toEqual(["bad_reply", "bad_reply"]);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
    },
  },
];
