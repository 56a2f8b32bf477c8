import { expect } from "vitest";
import { noNetwork, ownScript, type Row } from "./row.ts";
import { ask, expectAccepted, retriesIn, turn } from "./talk.ts";
import { askAboutReadme, tellsReadme } from "./tools.ts";

const call = '{"name":"read_file","arguments":{"path":"README.md"}}';

/** A call in a form that nobody reads: it does not run, and the reply is not done. */
function told(form: string, text: string): Row {
  return {
    behaviour: `a call written as text ${form} does not run, and its model is told`,
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([{ text }, tellsReadme]);
      const [first, last] = await turn(talk, askAboutReadme);
      expect(first).toMatchObject({
        stop: "tool_calls",
        message: { text, toolCalls: [{ input: {}, invalid: expect.stringContaining("written as text") }] },
      });
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  };
}

/** A call as the whole reply, in JSON of another shape: it is one. */
function run(form: string, text: string): Row {
  return {
    behaviour: `a whole reply that is ${form} is a call`,
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([{ text }, tellsReadme]);
      const [first, last] = await turn(talk, askAboutReadme);
      expect(first?.message).toMatchObject({ text: "", toolCalls: [{ input: { path: "README.md" } }] });
      expect(last?.stop).toBe("done");
      expectAccepted(talk);
    },
  };
}

/** What looks like a call and is an answer. */
function shown(what: string, text: string): Row {
  return {
    behaviour: `${what} is an answer`,
    except: ownScript,
    async holds({ open }) {
      await using talk = await open([{ text }]);
      const { reply } = await ask(talk, "How do you call a tool?");
      expect(reply).toMatchObject({ stop: "done", message: { text, toolCalls: [] } });
    },
  };
}

const tooLong = [
  "Range of input length should be [1, 32768]",
  "input length and max_tokens exceed context limit",
  "total message size 2200000 exceeds limit 2097152",
  "prompt too long; exceeded max context length by 4 tokens",
  "This endpoint's maximum context length is 32768 tokens",
  "prompt is too long: 208310 tokens > 200000 maximum",
  "input tokens exceed the configured limit of 272000 tokens",
  "sequence length 9000 is longer than 8192",
];
const unknownField = [
  "Unknown parameter: 'context_window'.",
  "context_length: Extra inputs are not permitted",
];

/** Calls and reasons in words that no protocol knows. */
export const written: readonly Row[] = [
  run("a list of calls", `[${call}]`),
  run("OpenAI's object of calls", `{"tool_calls":[{"id":"1","type":"function","function":${call}}]}`),
  told("behind other words", `I will read it.\n${call}`),
  told("in Llama 4's way", '[read_file(path="README.md")]'),
  told("in ReAct's lines", 'Thought: hm.\nAction: read_file\nAction Input: {"path":"README.md"}'),
  told("in Phi's way", `functools[${call}]`),
  told("in Gemini's fence", '```tool_code\nprint(read_file(path="README.md"))\n```'),
  told("in LangChain's JSON", '{"action":"read_file","action_input":{"path":"README.md"}}'),
  shown(
    "a fenced call that is an example",
    `A call looks like this, for example:\n\`\`\`json\n${call}\n\`\`\``,
  ),
  shown("an example with words behind it", `\`\`\`json\n${call}\n\`\`\`\nreads a file.`),
  shown("a list of what there is", "I have:\n- read_file(path, limit)\n- list_files()"),
  {
    behaviour: "what is too long is known in the words of all services, and a field's name is none of them",
    except: noNetwork,
    async holds({ open }) {
      for (const message of [...tooLong, ...unknownField]) {
        await using talk = await open([
          { fault: { type: "http", status: 400, body: { error: { message } } } },
        ]);
        const { reply, events } = await ask(talk, "hello");
        expect(retriesIn(events)).toEqual([]);
        expect([message, reply.error?.kind]).toEqual([
          message,
          tooLong.includes(message) ? "context_too_long" : "bad_request",
        ]);
      }
    },
  },
  {
    behaviour: "a refusal of a long request that nobody understands names its length",
    except: noNetwork,
    async holds({ open }) {
      const fault = { type: "http", status: 422, body: { detail: "value out of bounds" } } as const;
      await using talk = await open([{ fault }, { fault }]);
      expect((await ask(talk, "word ".repeat(16_000))).reply.error?.hint).toMatch(
        /some 20k tokens.*\/compact|20k/,
      );
    },
  },
];
