import type { Message } from "@eightfold/core";
import { expect } from "vitest";
import { type Column, type ColumnName, columnNames, columns } from "./columns.ts";
import { noNetwork, ownScript, type Row } from "./row.ts";
import { ask, expectAccepted, hear, interrupt, type Talk, turn } from "./talk.ts";
import { askAboutReadme, askForParse, findsParse, readsReadme, readsThree, tellsReadme } from "./tools.ts";

const thoughts = "These are my own thoughts, and they are to come back to me as I had them.";
const thanks = { role: "user", text: "Thanks." } as const;
const thoughtful = { ...readsReadme, reasoning: thoughts };

/** The long texts in a reply's own form: signatures, encrypted reasoning, thoughts. */
function ownTexts(conversation: readonly Message[]): string[] {
  const leaves = (value: unknown): string[] => {
    if (typeof value === "string") return value.length > 40 ? [value] : [];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
  };
  return conversation.flatMap((message) =>
    message.role === "assistant" ? leaves(message.native?.data) : [],
  );
}

/** A request up to the end of its messages, and what is behind them. */
function divide(request: Talk["requests"][number]): { start: string; rest: string } {
  // Anthropic's marks for its cache move on, and are no part of the prompt.
  const raw = request.raw.replaceAll(',"cache_control":{"type":"ephemeral"}', "");
  const { messages, input, contents } = JSON.parse(raw);
  const list = JSON.stringify(messages ?? input ?? contents);
  const end = raw.indexOf(list) + list.length - 1;
  return { start: raw.slice(0, end), rest: raw.slice(end) };
}

/** A conversation that one provider began is gone on with by each of the others, and by the first again. */
function begunBy(source: ColumnName): Row {
  const first: Column = columns[source];
  return {
    behaviour: `a conversation that ${source} began goes on, there and back`,
    except: { [source]: "this is the row's own conversation" },
    isLong: source !== columnNames[0],
    async holds({ open }) {
      const replies = [thoughtful, tellsReadme, readsThree, tellsReadme];
      // The same name at both, so that nothing but its form tells whose a turn is.
      await using begun = await first.open([...replies, ...replies], { model: "same-name" });
      await using other = await open(replies, { model: "same-name" });
      await turn(begun, askAboutReadme);
      await turn(begun, askForParse);
      const calls = begun.conversation.filter(({ role }) => role === "tool").length;
      expect(calls).toBeGreaterThan(0);
      other.conversation.push(...begun.conversation);
      expect((await turn(other, askAboutReadme)).at(-1)?.stop).toBe("done");
      expect((await turn(other, askForParse)).at(-1)?.stop).toBe("done");
      begun.conversation.splice(0, begun.conversation.length, ...other.conversation);
      expect((await turn(begun, askAboutReadme)).at(-1)?.stop).toBe("done");
      expectAccepted(begun);
      expectAccepted(other);
      const seen = other.requests.slice(0, 1).flatMap((request) => other.read(request).messages);
      if (other.requests.length > 0) expect(seen.filter(({ role }) => role === "tool")).toHaveLength(calls);
    },
  };
}

/** Earlier turns: sent again as they were, to whom they belong. */
export const histories: readonly Row[] = [
  {
    behaviour: "a reply goes back in its own form, to the letter",
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([
        thoughtful,
        { ...readsThree, reasoning: thoughts },
        tellsReadme,
        tellsReadme,
      ]);
      await turn(talk, askAboutReadme);
      const own = ownTexts(talk.conversation);
      expect(own.length).toBeGreaterThan(1);
      await ask(talk, "Thanks.");
      for (const text of own) expect(talk.requests.at(-1)?.raw).toContain(JSON.stringify(text).slice(1, -1));
      expectAccepted(talk);
    },
  },
  {
    behaviour: "another model does not get it",
    except: { ...ownScript, "text form": "its own form is text, which any model can read" },
    async holds({ open }) {
      await using before = await open([thoughtful, { ...tellsReadme, reasoning: thoughts }], {
        model: "model-a",
      });
      await turn(before, askAboutReadme);
      expect(ownTexts(before.conversation).length).toBeGreaterThan(0);
      await using after = await open([readsReadme, tellsReadme], { model: "model-b" });
      after.conversation.push(...before.conversation);
      expect((await turn(after, askAboutReadme)).at(-1)?.stop).toBe("done");
      // Only the first request: after it, this server gives signatures of its own, and makes them in the same way.
      for (const text of ownTexts(before.conversation)) {
        expect(after.requests[0]?.raw).not.toContain(JSON.stringify(text).slice(1, -1));
      }
      expectAccepted(after);
    },
  },
  {
    behaviour: "a conversation that was written down and read again is the same",
    async holds({ open }) {
      await using talk = await open([
        thoughtful,
        { ...tellsReadme, reasoning: thoughts },
        tellsReadme,
        tellsReadme,
      ]);
      await turn(talk, askAboutReadme);
      await hear({ ...talk, conversation: [...talk.conversation, thanks] });
      const conversation: Message[] = JSON.parse(JSON.stringify(talk.conversation));
      const { reply } = await hear({ ...talk, conversation: [...conversation, thanks] });
      expect(reply.stop).toBe("done");
      expectAccepted(talk);
      const [before, after] = talk.requests.slice(-2);
      expect(after?.raw).toBe(before?.raw);
    },
  },
  {
    behaviour: "a conversation whose beginning was summed up is accepted",
    async holds({ open }) {
      await using talk = await open(
        [...findsParse, tellsReadme].map((reply) => ({ ...reply, reasoning: thoughts })),
      );
      await turn(talk, askForParse);
      // What was asked, and the first call with its result.
      talk.conversation.splice(0, 3, {
        role: "user",
        text: "So far: I asked where parse is, and you looked.",
      });
      expect((await ask(talk, askAboutReadme)).reply.stop).not.toBe("error");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a form that the service no longer takes is left out from then on",
    except: {
      ...ownScript,
      chat: "its form is not signed",
      ollama: "its form is not signed",
      "text form": "its form is text",
    },
    async holds({ open }) {
      await using before = await open([thoughtful, tellsReadme]);
      await turn(before, askAboutReadme);
      await using after = await open([readsReadme, tellsReadme]);
      after.conversation.push(...before.conversation);
      expect((await turn(after, askAboutReadme)).at(-1)?.stop).toBe("done");
      expect(after.requests.map(({ refusal }) => refusal === undefined)).toEqual([false, true, true]);
    },
  },
  {
    behaviour: "each request begins with the bytes of the one before",
    except: noNetwork,
    async holds({ open }) {
      const fault = { type: "stall", at: "text" } as const;
      const broken = { calls: [{ name: "fly", input: {} }] };
      const replies = [
        ...findsParse,
        broken,
        readsThree,
        tellsReadme,
        tellsReadme,
        { ...readsReadme, fault },
        tellsReadme,
      ];
      await using talk = await open(replies.map((reply) => ({ ...reply, reasoning: thoughts })));
      const system = "Be brief.";
      await turn(talk, askForParse, { system });
      await turn(talk, askAboutReadme, { system });
      await ask(talk, "Thanks.", { system });
      await interrupt(talk, "And now?", "I will", { system });
      await ask(talk, "Go on.", { system });
      expectAccepted(talk);
      const parts = talk.requests.map(divide);
      expect(parts).toHaveLength(replies.length);
      for (const [index, { start, rest }] of parts.slice(1).entries()) {
        expect(start.startsWith(parts[index]?.start ?? "none")).toBe(true);
        expect(rest).toBe(parts[index]?.rest);
      }
    },
  },
  ...columnNames.map(begunBy),
];
