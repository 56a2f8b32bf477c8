import { expect } from "vitest";
import type { ScriptedReply } from "../../src/index.ts";
import { noNetwork, type Row } from "./row.ts";
import { answer, ask, expectAccepted, expectClosed, hear, interrupt, silence, type Talk } from "./talk.ts";
import { askAboutReadme, readsReadme, tellsReadme, tools } from "./tools.ts";

/** After an abort the request is over, and the conversation can go on. */
async function expectGoesOn(talk: Talk): Promise<void> {
  await expectClosed(talk);
  expect((await ask(talk, "Go on.")).reply).toMatchObject({
    stop: "done",
    message: { text: tellsReadme.text },
  });
  expectAccepted(talk);
}

const stalled = (reply: ScriptedReply, at: "headers" | "reasoning" | "text" | "call"): ScriptedReply => ({
  ...reply,
  fault: { type: "stall", at },
});

/** The user stops the model, or walks away: at any moment, and nothing is left behind. */
export const aborts: readonly Row[] = [
  {
    behaviour: "a request that is aborted before it begins is never made",
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      const { events, reply } = await ask(talk, askAboutReadme, { signal: AbortSignal.abort() });
      expect(reply).toMatchObject({ stop: "aborted", message: { text: "", toolCalls: [] }, usage: {} });
      expect(events).toHaveLength(1);
      expect([...talk.requests, ...talk.lookUps]).toEqual([]);
      expect((await ask(talk, askAboutReadme)).reply.stop).not.toBe("error");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "an abort in the instant that a request begins leaves nothing open",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open(({ raw }) =>
        raw.includes("Again.") ? tellsReadme : stalled(readsReadme, "headers"),
      );
      talk.conversation.push({ role: "user", text: "hello" });
      const user = new AbortController();
      const stream = talk.model.stream({ conversation: talk.conversation, tools }, user.signal);
      const next = stream.next();
      user.abort();
      expect((await next).value).toMatchObject({ type: "reply_end", stop: "aborted" });
      expect((await ask(talk, "Again.")).reply.stop).toBe("done");
      // A request that was on its way may have arrived all the same: then it was closed.
      await Promise.all(talk.requests.map(({ closed }) => closed));
      expect(talk.requests.slice(0, -1).every(({ closedEarly }) => closedEarly)).toBe(true);
      expectAccepted(talk);
    },
  },
  {
    behaviour: "an abort before the headers closes the request",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([stalled(readsReadme, "headers"), tellsReadme]);
      const { reply } = await interrupt(talk, askAboutReadme, "");
      expect(reply).toMatchObject({ stop: "aborted", message: { text: "", toolCalls: [] } });
      await expectGoesOn(talk);
    },
  },
  {
    behaviour: "an abort in the reasoning keeps what was told of it",
    except: noNetwork,
    async holds({ open }) {
      const thoughtful = { reasoning: "Let me think it over.", text: "Hello." };
      await using talk = await open([stalled(thoughtful, "reasoning"), tellsReadme]);
      const { reply } = await interrupt(talk, "hello", "Let me");
      expect(reply).toMatchObject({
        stop: "aborted",
        message: { text: "", reasoning: expect.stringMatching(/^Let me/) },
      });
      await expectGoesOn(talk);
    },
  },
  {
    behaviour: "an abort in the text keeps what has come",
    except: { demo: "off a terminal it says all at once" },
    async holds({ open }) {
      await using talk = await open([stalled(readsReadme, "text"), tellsReadme]);
      const { reply } = await interrupt(talk, askAboutReadme, "I will");
      expect(reply).toMatchObject({ stop: "aborted", message: { toolCalls: [] } });
      expect(readsReadme.text?.startsWith(reply.message.text)).toBe(true);
      expect(reply.message.text).not.toBe("");
      await expectGoesOn(talk);
    },
  },
  {
    behaviour: "an abort in a call leaves no call behind",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([stalled(readsReadme, "call"), tellsReadme]);
      const { reply } = await interrupt(talk, askAboutReadme, readsReadme.text ?? "");
      expect(reply).toMatchObject({ stop: "aborted", message: { toolCalls: [] } });
      expect(reply.message.text.trimEnd()).toBe(readsReadme.text);
      await expectGoesOn(talk);
    },
  },
  {
    behaviour: "an abort behind a call and its result keeps both",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([readsReadme, stalled(tellsReadme, "text"), tellsReadme]);
      const { reply } = await ask(talk, askAboutReadme);
      await answer(talk, reply.message);
      const second = await interrupt(talk, "Go on.", "README");
      expect(second.reply).toMatchObject({ stop: "aborted", message: { toolCalls: [] } });
      await expectGoesOn(talk);
      const seen = talk.requests.slice(-1).flatMap((request) => talk.read(request).messages);
      expect(seen.filter(({ role }) => role === "tool")).toHaveLength(1);
    },
  },
  {
    behaviour: "an abort ends the wait for another attempt, which is not made",
    except: noNetwork,
    async holds({ open, hint = "none" }) {
      const busy = { fault: { type: "rate_limit", hint, seconds: 50 } } as const;
      await using talk = await open([busy, tellsReadme]);
      talk.conversation.push({ role: "user", text: "hello" });
      const user = new AbortController();
      const stream = talk.model.stream({ conversation: talk.conversation, tools }, user.signal);
      expect((await stream.next()).value).toMatchObject({ type: "retry", waitMs: 50_000 });
      const next = stream.next();
      await silence(talk);
      user.abort();
      expect((await next).value).toMatchObject({ type: "reply_end", stop: "aborted" });
      expect(talk.requests).toHaveLength(1);
      expect((await hear(talk)).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a consumer that stops listening closes the request",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([stalled(readsReadme, "text"), tellsReadme]);
      talk.conversation.push({ role: "user", text: "hello" });
      const { signal } = new AbortController();
      for await (const event of talk.model.stream({ conversation: talk.conversation, tools }, signal)) {
        expect(event.type).toBe("text_delta");
        break;
      }
      await expectClosed(talk);
      expect((await hear(talk)).reply.stop).toBe("done");
    },
  },
];
