import { expect } from "vitest";
import { reads, replied, result, said } from "./messages.ts";
import { type Exceptions, noNetwork, ownScript, type Row } from "./row.ts";
import { answer, ask, expectAccepted, hear, type Talk, turn } from "./talk.ts";
import { askAboutReadme, intricate, readsReadme, tellsReadme, tools } from "./tools.ts";

/** The last request, without its dialect. */
function lastSeen(talk: Talk) {
  const request = talk.requests.at(-1);
  if (request === undefined) throw new Error("There was no request.");
  return talk.read(request);
}

const half = "\ud83d";
const noField: Exceptions = {
  responses: "it has no field for that: the text says it",
  chat: "it has no field for that: the text says it",
  ollama: "it has no field for that: the text says it",
};
const onlyOllama: Exceptions = {
  ...noNetwork,
  responses: "the whole context is there for every request",
  chat: "the server alone decides on it",
  anthropic: "the whole context is there for every request",
  gemini: "the whole context is there for every request",
};

/** What a request says, and that every conversation makes a valid one. */
export const requests: readonly Row[] = [
  {
    behaviour: "the system prompt is in its place, and nowhere else",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([readsReadme, tellsReadme, tellsReadme, tellsReadme]);
      const system = "Be brief.\nAnd friendly.";
      await turn(talk, askAboutReadme, { system });
      await ask(talk, "Thanks.", { system });
      for (const request of talk.requests) {
        expect(talk.read(request).system).toBe(system);
        expect(JSON.stringify(talk.read(request).messages)).not.toContain("And friendly");
      }
      await ask(talk, "Thanks.", { tools: [] });
      expect(lastSeen(talk)).not.toHaveProperty("system");
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a model's name may hold slashes and colons",
    except: { ...noNetwork, gemini: "its names are plain" },
    async holds({ open }) {
      const model = "lab.example/tiny-7b:Q4_K_M";
      await using talk = await open([tellsReadme], { model });
      expect(talk.model.name).toBe(model);
      expect((await ask(talk, "hello")).reply.stop).toBe("done");
      expect(talk.requests[0]?.body).toMatchObject({ model });
    },
  },
  {
    behaviour: "tools are declared, each with its description and its arguments",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      await ask(talk, "hello");
      const declared = lastSeen(talk).tools;
      expect(declared.map(({ name, description }) => ({ name, description }))).toEqual(
        tools.map(({ name, description }) => ({ name, description })),
      );
      const path = { type: "string", description: "Relative to the workspace." };
      expect(declared[0]?.parameters).toMatchObject({
        type: "object",
        properties: { path, offset: { type: "integer" } },
        required: ["path"],
      });
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a tool with an intricate schema is accepted",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      expect((await ask(talk, "hello", { tools: [intricate, ...tools] })).reply.stop).toBe("done");
      expectAccepted(talk);
      expect(lastSeen(talk).tools[0]?.parameters).toMatchObject({
        properties: { kind: expect.anything(), pair: { type: "array" }, first: expect.anything() },
      });
    },
  },
  {
    behaviour: "halves of surrogate pairs never reach the wire",
    except: noNetwork,
    async holds({ open }) {
      const odd = { name: "read_file", rawArguments: `{"path":"a\\ud83d","b\\udc00":"c"}` };
      await using talk = await open([{ text: "Hm.", calls: [odd] }, tellsReadme]);
      talk.conversation.push(
        said(`a${half}`),
        replied(`b${half}`, reads("c1", `c${half}`)),
        result("c1", half),
      );
      await hear(talk, { system: `d${half}` });
      const [last] = talk.conversation.slice(-1);
      if (last?.role === "assistant") await answer(talk, last);
      expect((await hear(talk)).reply.stop).toBe("done");
      expectAccepted(talk);
      expect(talk.requests.map(({ raw }) => raw).join()).not.toMatch(/(?<!\\)\\u[dD][89a-fA-F]/);
      expect(talk.requests[0]?.raw).toContain("a\ufffd");
    },
  },
  {
    behaviour: "a failed call is marked as one",
    except: { ...ownScript, ...noField },
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      talk.conversation.push(said("Read two."), replied("", reads("c1"), reads("c2")));
      talk.conversation.push(result("c1", "fine"), result("c2", "There is no such file.", true));
      await hear(talk);
      const raw = talk.requests[0]?.raw ?? "";
      expect(raw.match(/"error":"There is no such file|error=\\"yes\\"|"is_error":true/g)).toHaveLength(1);
    },
  },
  {
    behaviour: "an answer to a call that was never made well is seen by the model",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([{ calls: [{ name: "fly", input: { high: true } }] }, tellsReadme]);
      expect((await turn(talk, "Fly.")).map(({ stop }) => stop)).toEqual(["tool_calls", "done"]);
      expectAccepted(talk);
      const results = lastSeen(talk).messages.filter(({ role }) => role === "tool");
      expect(results).toMatchObject([{ text: expect.stringContaining('There is no tool named "fly"') }]);
    },
  },
  {
    behaviour: "the context that is asked for never changes",
    except: onlyOllama,
    async holds({ open }) {
      await using talk = await open([readsReadme, tellsReadme, tellsReadme], { contextLength: 20_000 });
      await turn(talk, askAboutReadme);
      await ask(talk, "Thanks.", { tools: [], system: "Be brief." });
      const bodies = talk.requests.map(({ body }) => body);
      expect(bodies).toEqual(bodies.map(() => expect.objectContaining({ options: { num_ctx: 20_000 } })));
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a conversation of which the server left out a part is an error",
    except: onlyOllama,
    async holds({ open }) {
      await using talk = await open([{ ...tellsReadme, usage: { input: 90 } }], { contextLength: 2048 });
      const { reply } = await ask(talk, "ab ".repeat(1500), { tools: [] });
      expect(reply).toMatchObject({ stop: "error", error: { kind: "context_too_long", retryable: false } });
      expect(reply.error?.hint).toContain("OLLAMA_CONTEXT");
    },
  },
];
