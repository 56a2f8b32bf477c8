import { expect } from "vitest";
import type { ScriptedCall } from "../../src/index.ts";
import { ownScript, type Row } from "./row.ts";
import { answer, ask, expectAccepted, hear, retriesIn, turn } from "./talk.ts";
import { askAboutReadme, askForParse, findsParse, readsReadme, readsThree, tellsReadme } from "./tools.ts";

const parsesItself = "it parses arguments itself: see the row about services that do";
const passesOn = "it passes arguments on as the model wrote them: see the rows above";

/** Arguments that are easily spoiled on their way. */
const intricate = {
  path: 'ä 👩‍👩‍👧 \r\n\t"quoted" \\ \u2028 ```\n</tool> $& \u0000',
  nested: { list: [1, -0.5, 1e21, null, true, [], {}, ""], "key with spaces": { deep: "2026" } },
};

/** A call whose arguments can be read, and are not what a call needs. */
function badArguments(what: string, rawArguments: string): Row {
  return {
    behaviour: `arguments that are ${what} make an invalid call, which is answered and not run`,
    except: { ...ownScript, gemini: parsesItself, ollama: parsesItself },
    async holds({ open }) {
      const [call, ...others]: ScriptedCall[] = [
        { name: "read_file", rawArguments },
        { name: "list_files", input: {} },
      ];
      await using talk = await open([{ calls: call ? [call] : [] }, { calls: others }, tellsReadme]);
      const [first, ...later] = await turn(talk, askAboutReadme);
      expect(first?.message.toolCalls).toEqual([
        {
          id: expect.any(String),
          name: "read_file",
          input: {},
          invalid: expect.stringMatching(/JSON|object/),
        },
      ]);
      expect(talk.conversation[2]).toMatchObject({ role: "tool", isError: true, name: "read_file" });
      expect(later.map(({ stop }) => stop)).toEqual(["tool_calls", "done"]);
      expectAccepted(talk);
    },
  };
}

/** Tool calls: what they carry, and that the service takes them back with their results. */
export const calls: readonly Row[] = [
  {
    behaviour: "a call in the same reply as text, and its result, are accepted",
    async holds({ open }) {
      await using talk = await open([readsReadme, tellsReadme]);
      const { reply } = await ask(talk, askAboutReadme);
      expect(reply).toMatchObject({
        stop: "tool_calls",
        message: { text: readsReadme.text, toolCalls: [{ name: "read_file", input: { path: "README.md" } }] },
      });
      await answer(talk, reply.message);
      expect((await hear(talk)).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a call without a word of text is a reply",
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([{ calls: [{ name: "list_files", input: {} }] }, tellsReadme]);
      const [first, last] = await turn(talk, "What is here?");
      expect(first?.message).toMatchObject({ text: "", toolCalls: [{ name: "list_files", input: {} }] });
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a call that the model writes into its text is a call",
    except: ownScript,
    async holds({ open }) {
      const text = '```tool\n{"name":"read_file","arguments":{"path":"README.md"}}\n```';
      await using talk = await open([{ text: `I will read it.\n\n${text}` }, tellsReadme]);
      const [first, last] = await turn(talk, askAboutReadme);
      const call = { name: "read_file", input: { path: "README.md" } };
      expect(first).toMatchObject({
        stop: "tool_calls",
        message: { text: "I will read it.", toolCalls: [call] },
      });
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "calls are calls, whatever reason ends the reply",
    except: {
      ...ownScript,
      responses: "it gives reasons only for what is incomplete",
      gemini: "it always says STOP",
      ollama: "it always says stop",
      "text form": "Ollama always says stop",
    },
    async holds({ open }) {
      await using talk = await open([
        { ...readsReadme, fault: { type: "finish", reason: "stop" } },
        tellsReadme,
      ]);
      expect((await turn(talk, askAboutReadme)).map(({ stop }) => stop)).toEqual(["tool_calls", "done"]);
      expectAccepted(talk);
    },
  },
  {
    behaviour: "arguments arrive whole, and go back as they were",
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([{ calls: [{ name: "read_file", input: intricate }] }, tellsReadme], {
        chunkBytes: "awkward",
      });
      const [first, last] = await turn(talk, askAboutReadme);
      expect(first?.message.toolCalls).toMatchObject([{ input: intricate }]);
      expect(last?.stop).toBe("done");
      const sent = talk.requests.slice(1).flatMap((request) => talk.read(request).messages);
      expect(sent).toContainEqual(
        expect.objectContaining({ calls: [expect.objectContaining({ input: intricate })] }),
      );
    },
  },
  {
    behaviour: "three parallel calls keep their order, and so do their results",
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([readsThree, tellsReadme, readsThree, tellsReadme]);
      // Twice, because some services send parallel calls now together, now one by one.
      for (const round of ["Read three.", "Again."]) {
        const [first, last] = await turn(talk, round);
        const paths = first?.message.toolCalls.map(({ input }) => input.path);
        expect(paths).toEqual(["README.md", "docs/guide.md", "src/parse.ts"]);
        expect(last?.stop).toBe("done");
      }
      expectAccepted(talk);
      const results = talk.requests.slice(-1).flatMap((request) => talk.read(request).messages);
      const texts = results.flatMap((message) => (message.role === "tool" ? message.text : []));
      const each = [/# Notes/, /Write a line/, /function parse/];
      expect(texts).toEqual([...each, ...each].map((text) => expect.stringMatching(text)));
    },
  },
  {
    behaviour: "a loop of three steps is accepted at each step",
    async holds({ open }) {
      await using talk = await open(findsParse);
      const replies = await turn(talk, askForParse);
      const names = replies.map(({ message }) => message.toolCalls.map(({ name }) => name).join());
      expect(names).toEqual(["list_files", "grep", "read_file", ""]);
      expect(replies.at(-1)?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "call ids are unique in a conversation, though the model repeats them",
    async holds({ open }) {
      const repeated = findsParse.map(({ calls = [], ...reply }) => ({
        ...reply,
        ...(calls.length > 0 && { calls: [...calls, ...calls].map((call) => ({ ...call, id: "call_0" })) }),
      }));
      await using talk = await open(repeated);
      const replies = await turn(talk, askForParse);
      const ids = replies.flatMap(({ message }) => message.toolCalls.map(({ id }) => id));
      expect(ids.length).toBeGreaterThan(2);
      expect(new Set(ids).size).toBe(ids.length);
      expect(replies.at(-1)?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "calls that came without ids have some, and are accepted",
    except: {
      ...ownScript,
      responses: "the API always gives ids",
      "text form": "a call in text has no place for one",
    },
    async holds({ open }) {
      const fault = { type: "calls_without_ids" } as const;
      await using talk = await open([{ ...readsThree, fault }, { ...readsReadme, fault }, tellsReadme]);
      const replies = await turn(talk, "Read three.");
      const ids = replies.flatMap(({ message }) => message.toolCalls.map(({ id }) => id));
      expect(new Set(ids.filter((id) => id !== "")).size).toBe(4);
      expect(replies.at(-1)?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "parallel calls that share an index stay apart",
    except: {
      ...ownScript,
      responses: "its events name the item, which is never shared",
      anthropic: "its events name the block, and blocks come one after the other",
      gemini: "its calls come whole, and have no index",
      "text form": "a call in text has no index",
    },
    async holds({ open }) {
      await using talk = await open([{ ...readsThree, fault: { type: "calls_share_index" } }, tellsReadme]);
      const [first, last] = await turn(talk, "Read three.");
      const inputs = first?.message.toolCalls.map(({ input }) => input);
      expect(inputs).toEqual([{ path: "README.md" }, { path: "docs/guide.md" }, { path: "src/parse.ts" }]);
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  badArguments("no JSON", '{"path": "README.md"'),
  badArguments("a list", '["README.md"]'),
  {
    behaviour: "a service that cannot parse a call is asked for another",
    except: { ...ownScript, responses: passesOn, chat: passesOn, anthropic: passesOn, "text form": passesOn },
    async holds({ open }) {
      const broken = { calls: [{ name: "read_file", rawArguments: '{"path": "README.md"' }] };
      await using talk = await open([readsReadme, broken, readsReadme, tellsReadme]);
      await answer(talk, (await ask(talk, askAboutReadme)).reply.message);
      const { events, reply } = await hear(talk);
      expect(retriesIn(events)).toMatchObject([{ error: { kind: "bad_reply" } }]);
      expect(reply.message.toolCalls).toMatchObject([{ input: { path: "README.md" } }]);
      await answer(talk, reply.message);
      expect((await hear(talk)).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "arguments in a JSON string are unwrapped, and none at all are {}",
    except: { ...ownScript, gemini: parsesItself, ollama: parsesItself },
    async holds({ open }) {
      const wrapped = { name: "read_file", rawArguments: JSON.stringify('{"path":"README.md"}') };
      const none = { name: "list_files", rawArguments: "" };
      await using talk = await open([{ calls: [wrapped, none] }, tellsReadme]);
      const [first, last] = await turn(talk, askAboutReadme);
      const inputs = first?.message.toolCalls.map(({ input, invalid }) => invalid ?? input);
      expect(inputs).toEqual([{ path: "README.md" }, {}]);
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  },
];
