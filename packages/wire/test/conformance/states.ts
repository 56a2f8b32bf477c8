import { expect, vi } from "vitest";
import type { Script } from "../../src/index.ts";
import type { Column } from "./columns.ts";
import { noNetwork, type Row } from "./row.ts";
import { ask, expectAccepted, type Talk, turn } from "./talk.ts";
import { askAboutReadme, readsReadme, readsThree, tellsReadme, tools } from "./tools.ts";

/** The same value, which throws when anybody changes it. */
function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** What SDKs read from the environment of the process, where it is not told otherwise. */
const foreign = {
  OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
  OPENAI_API_KEY: "sk-of-another",
  OPENAI_ADMIN_KEY: "sk-of-another",
  OPENAI_LOG: "debug",
  ANTHROPIC_API_KEY: "key-of-another",
  ANTHROPIC_AUTH_TOKEN: "token-of-another",
  ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
  ANTHROPIC_LOG: "debug",
  ANTHROPIC_PROFILE: "another",
  GEMINI_API_KEY: "key-of-another",
  GOOGLE_API_KEY: "key-of-another",
  GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:9",
  GOOGLE_GENAI_API_VERSION: "v7",
  GOOGLE_GENAI_USE_VERTEXAI: "true",
  GOOGLE_CLOUD_PROJECT: "project-of-another",
  OLLAMA_HOST: "127.0.0.1:9",
};

/** A service that refuses one field. */
function refusing(optional: Column["optional"]): Script {
  return ({ raw }) =>
    optional && raw.includes(`"${optional.field}"`) ? { fault: optional.refusal } : tellsReadme;
}

const saysBefore = {
  ollama: "it says beforehand what its models take",
  "text form": "Ollama says beforehand what its models take",
};

/** What a model leaves alone, and does not mix up. */
export const states: readonly Row[] = [
  {
    behaviour: "the conversation that is sent is not changed",
    async holds({ open }) {
      await using talk = await open([readsReadme, readsThree, tellsReadme, tellsReadme]);
      await turn(talk, askAboutReadme);
      const conversation = frozen([...talk.conversation, { role: "user", text: "Thanks." } as const]);
      const events = talk.model.stream({ conversation, tools }, new AbortController().signal);
      for await (const event of events) {
        if (event.type === "reply_end") expect(event.stop).toBe("done");
        else expect(event.type).toBe("text_delta");
      }
      expectAccepted(talk);
    },
  },
  {
    behaviour: "two conversations at once do not mix",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open(({ raw }) => {
        const name = raw.includes("I am Ann.") ? "Ann" : "Bob";
        return raw.includes("# Notes")
          ? { text: `Done, ${name}.` }
          : { ...readsReadme, text: `Wait, ${name}.` };
      });
      const last = async (name: string) => {
        const own: Talk = { ...talk, conversation: [] };
        return (await turn(own, `I am ${name}. ${askAboutReadme}`)).map(({ message }) => message.text);
      };
      expect(await Promise.all([last("Ann"), last("Bob"), last("Ann")])).toEqual([
        ["Wait, Ann.", "Done, Ann."],
        ["Wait, Bob.", "Done, Bob."],
        ["Wait, Ann.", "Done, Ann."],
      ]);
      expectAccepted(talk);
    },
  },
  {
    behaviour: "nothing is written to the console, whatever goes wrong",
    except: noNetwork,
    isAlone: true,
    async holds({ open }) {
      const torn = { ...readsReadme, fault: { type: "cut_inside", at: "text" } } as const;
      const broken = { ...readsReadme, fault: { type: "error_event", at: "text" } } as const;
      const page = { fault: { type: "html" } } as const;
      const nonsense = { fault: { type: "http", status: 200, body: "{]\n\ndata: {]\n\n" } } as const;
      await using talk = await open([torn, broken, page, nonsense, readsReadme, tellsReadme]);
      const methods = ["log", "info", "warn", "error", "debug"] as const;
      const spies = methods.map((method) => vi.spyOn(console, method));
      await turn(talk, askAboutReadme);
      const written = spies.flatMap(({ mock }) => mock.calls);
      for (const spy of spies) spy.mockRestore();
      expect(written).toEqual([]);
    },
  },
  {
    behaviour: "variables that an SDK would read by itself change nothing",
    except: noNetwork,
    isAlone: true,
    async holds({ open }) {
      await using talk = await open([readsReadme, tellsReadme]);
      for (const [name, value] of Object.entries(foreign)) vi.stubEnv(name, value);
      const replies = await turn(talk, askAboutReadme).finally(() => vi.unstubAllEnvs());
      expect(replies.at(-1)?.stop).toBe("done");
      expectAccepted(talk);
      expect(talk.requests[0]?.headers).not.toMatchObject({ "openai-organization": expect.anything() });
    },
  },
  {
    behaviour: "what a model does not take is left out of the same request, and of all that follow",
    except: { ...noNetwork, ...saysBefore },
    async holds({ open, optional }) {
      await using talk = await open(refusing(optional));
      expect((await ask(talk, "hello")).reply.stop).toBe("done");
      expect((await ask(talk, "hello")).reply.stop).toBe("done");
      const has = talk.requests.map(({ raw }) => raw.includes(`"${optional?.field}"`));
      expect(has).toEqual([true, false, false]);
      expectAccepted(talk);
    },
  },
  {
    behaviour: "what a model does not take is found out by conversations at once",
    except: { ...noNetwork, ...saysBefore },
    async holds({ open, optional }) {
      await using talk = await open(refusing(optional));
      const replies = await Promise.all([1, 2, 3].map(() => ask({ ...talk, conversation: [] }, "hello")));
      expect(replies.map(({ reply }) => reply.stop)).toEqual(["done", "done", "done"]);
      expectAccepted(talk);
    },
  },
  {
    behaviour: "a model that refuses tools is told of them in words, from then on",
    except: { ...noNetwork, "text form": "it is never sent any" },
    async holds({ open }) {
      const error = { message: "this model does not support tools", code: 400 };
      const fault = { type: "http", status: 400, body: { error } } as const;
      const call = '```tool\n{"name":"read_file","arguments":{"path":"README.md"}}\n```';
      await using talk = await open([{ fault }, { text: call }, tellsReadme, tellsReadme]);
      const replies = await turn(talk, askAboutReadme);
      expect(replies.map(({ message }) => message.toolCalls.map(({ input }) => input))).toEqual([
        [{ path: "README.md" }],
        [],
      ]);
      expect((await ask(talk, "Thanks.")).reply.stop).toBe("done");
      const offered = talk.requests.map(({ view }) => view.tools.length > 0);
      expect(offered.slice(1)).toEqual([false, false, false]);
      expectAccepted(talk);
    },
  },
];
