import type { Usage } from "@eightfold/core";
import { expect } from "vitest";
import { noNetwork, ownScript, type Row } from "./row.ts";
import { ask, expectAccepted, interrupt, turn } from "./talk.ts";
import { askAboutReadme, readsReadme, readsThree, tellsReadme } from "./tools.ts";

const declines = "its models decline in plain text";
const twoCounts = "it counts input and output, and nothing else";
const counted: Usage = { input: 1000, cached: 400, output: 200, reasoning: 120 };

/** Why a reply ends, and what it cost. */
export const endings: readonly Row[] = [
  {
    behaviour: "a reply that the output limit cuts keeps its text",
    except: { demo: "it has no output limit" },
    async holds({ open }) {
      const usage = { input: 20, output: 8 };
      await using talk = await open([{ text: "This goes on and", stop: "length", usage }, tellsReadme]);
      const { reply } = await ask(talk, "hello");
      expect(reply.usage).toMatchObject(usage);
      expect(reply).toMatchObject({ stop: "length", message: { text: "This goes on and", toolCalls: [] } });
      expect((await ask(talk, "Go on.")).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "no call of a reply that the output limit cuts is run",
    except: { demo: "it has no output limit" },
    async holds({ open }) {
      await using talk = await open([{ ...readsThree, stop: "length" }, tellsReadme]);
      const [first, last] = await turn(talk, "Read three.");
      expect(first?.stop).toBe("tool_calls");
      for (const call of first?.message.toolCalls ?? []) {
        expect(call).toMatchObject({ input: {}, invalid: expect.stringContaining("cut off") });
      }
      const results = talk.conversation.filter(({ role }) => role === "tool");
      expect(results).toEqual(first?.message.toolCalls.map(() => expect.objectContaining({ isError: true })));
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a model that declines is told apart from one that is done",
    except: { ...ownScript, ollama: declines, "text form": declines },
    async holds({ open }) {
      await using talk = await open([{ text: "I will not help with that.", stop: "refused" }, tellsReadme]);
      const { reply } = await ask(talk, "hello");
      expect(reply).toMatchObject({ stop: "refused", message: { text: "I will not help with that." } });
      expect((await ask(talk, "Then greet me.")).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a reply that a filter stops is refused, and none of its calls is run",
    except: { ...ownScript, ollama: "it has no filter", "text form": "Ollama has no filter" },
    async holds({ open, filtered = "" }) {
      const fault = { type: "finish", reason: filtered } as const;
      await using talk = await open([{ ...readsReadme, fault }, tellsReadme]);
      const { reply } = await ask(talk, askAboutReadme);
      expect(reply).toMatchObject({ stop: "refused", message: { text: readsReadme.text, toolCalls: [] } });
      expect((await ask(talk, "Then greet me.")).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "input and output tokens are the service's totals",
    except: { demo: "it estimates: see the row below" },
    async holds({ open }) {
      await using talk = await open([{ ...tellsReadme, reasoning: "Hm.", usage: counted }]);
      const { reply } = await ask(talk, "hello");
      expect(reply.usage).toMatchObject({ input: 1000, output: 200 });
      expect(reply.usage).not.toHaveProperty("estimated");
    },
  },
  {
    behaviour: "cached and reasoning tokens are parts of them, counted once",
    except: { demo: "nothing is cached", ollama: twoCounts, "text form": twoCounts },
    async holds({ open }) {
      await using talk = await open([{ ...readsReadme, reasoning: "Hm.", usage: counted }]);
      const { reply } = await ask(talk, askAboutReadme);
      expect(reply.usage).toMatchObject(counted);
    },
  },
  {
    behaviour: "what the service does not count is absent, and never 0",
    except: { demo: "it estimates: see the row below" },
    async holds({ open, leanest }) {
      await using talk = await open([{ ...(leanest && { fault: leanest }) }]);
      const { reply } = await ask(talk, "hello");
      expect(reply).toMatchObject({ stop: "done", message: { text: "hi" } });
      expect(reply.usage).toEqual({});
    },
  },
  {
    behaviour: "what an interrupted reply cost is unknown",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([{ text: "Hello to you.", fault: { type: "stall", at: "text" } }]);
      const { reply } = await interrupt(talk, "hello", "Hello");
      expect(reply.usage).toEqual({});
    },
  },
  {
    behaviour: "counts that are estimated say so",
    except: {
      responses: "the service counts",
      chat: "the service counts",
      anthropic: "the service counts",
      gemini: "the service counts",
      ollama: "the service counts",
      "text form": "the service counts",
    },
    async holds({ open }) {
      await using talk = await open([]);
      const { reply } = await ask(talk, askAboutReadme);
      const { input, output, ...rest } = reply.usage;
      expect(rest).toEqual({ estimated: true });
      expect(input).toBeGreaterThan(0);
      expect(output).toBeGreaterThan(0);
    },
  },
];
