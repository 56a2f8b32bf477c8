import type { ModelErrorKind } from "@eightfold/core";
import { expect } from "vitest";
import type { Fault, RefusalName, ScriptedReply } from "../../src/index.ts";
import { type Exceptions, noNetwork, type Row } from "./row.ts";
import { ask, expectAccepted, retriesIn } from "./talk.ts";
import { tellsReadme } from "./tools.ts";

const refused = (name: RefusalName): ScriptedReply => ({ fault: { type: "refusal", name } });

/** A refusal that asking again does not cure: it is an error at once. */
function final(what: string, reply: ScriptedReply, kind: ModelErrorKind, except: Exceptions = {}): Row {
  return {
    behaviour: `${what} is an error at once (${kind})`,
    except: { ...noNetwork, ...except },
    async holds({ open }) {
      await using talk = await open([reply, tellsReadme]);
      const { events, reply: heard } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      expect(heard).toMatchObject({ stop: "error", message: { text: "", toolCalls: [] } });
      expect(heard.error).toMatchObject({ kind, retryable: false });
      if (kind !== "bad_request") expect(heard.error?.hint).toMatch(/\w/);
      expect(talk.requests).toHaveLength(1);
      expect((await ask(talk, "hello")).reply.stop).toBe("done");
      expectAccepted(talk);
    },
  };
}

/** A refusal that may pass. */
function passing(what: string, fault: Fault, except: Exceptions = {}): Row {
  return {
    behaviour: `${what} is asked again`,
    except: { ...noNetwork, ...except },
    async holds({ open }) {
      await using talk = await open([{ fault }, { fault }, tellsReadme]);
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events).map(({ error }) => error.retryable)).toEqual([true, true]);
      expect(reply).toMatchObject({ stop: "done", message: { text: tellsReadme.text } });
      // The SDK's own attempts would come on top.
      expect(talk.requests).toHaveLength(3);
    },
  };
}

/** What a server says is shown on a terminal: in one line, without the means to redraw it. */
function shown(what: string, fault: Fault, words: RegExp): Row {
  return {
    behaviour: `${what} is told in one plain line`,
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([{ fault }]);
      const { reply } = await ask(talk, "hello");
      expect(reply.error?.message).toMatch(words);
      expect(`${reply.error?.message}${reply.error?.hint}`).not.toMatch(/[\p{Cc}<>]/u);
    },
  };
}

const noKeys = { ollama: "it has no keys", "text form": "Ollama has no keys" };
const signsIn = { ollama: "it asks to sign in: see that row", "text form": "Ollama asks to sign in" };
const noPolicy = { ollama: "it has no rules for prompts", "text form": "Ollama has no rules for prompts" };
const onlyOllama = {
  responses: "only Ollama says so",
  chat: "only Ollama says so",
  anthropic: "only Ollama says so",
  gemini: "only Ollama says so",
};
const onlyGemini = {
  responses: "only Gemini says so",
  chat: "only Gemini says so",
  anthropic: "only Gemini says so",
  ollama: "only Gemini says so",
  "text form": "only Gemini says so",
};

/** Answers that are no reply. */
export const refusals: readonly Row[] = [
  final("a wrong key", refused("bad_key"), "bad_key", noKeys),
  final("a missing sign-in", refused("no_access"), "bad_key", onlyOllama),
  final("a key that may not do this", refused("no_access"), "no_access", signsIn),
  final("a conversation that is too long", refused("context_too_long"), "context_too_long"),
  final("an account without credit", refused("quota"), "quota", { gemini: "its limits are by the day" }),
  final("a day's limit", refused("daily_quota"), "quota", onlyGemini),
  final("a model that the plan does not have", refused("no_free_tier"), "quota", onlyGemini),
  final("a prompt against the rules", refused("blocked_prompt"), "blocked", {
    ...noPolicy,
    anthropic: "it ends such a reply: see the row about filters",
    gemini: "it says so inside the stream: see that row",
  }),
  final("a prompt that is blocked inside the stream", { stop: "refused" }, "blocked", onlyGemini),
  final("a request that is malformed", refused("bad_request"), "bad_request"),
  final("too little memory", refused("out_of_memory"), "overloaded", onlyOllama),
  passing("a failure of the service (500)", { type: "refusal", name: "server_error" }),
  passing("a service that is overloaded (503)", { type: "refusal", name: "overloaded" }),
  passing("a proxy's page (502)", { type: "html" }),
  passing(
    "a request that took the service too long",
    { type: "refusal", name: "timeout" },
    {
      ollama: "it sets itself no time limit",
      "text form": "Ollama sets itself no time limit",
    },
  ),
  {
    behaviour: "a model that the service does not have is an error at once, and is named",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([], { model: "the-only-one", wanted: "no-such-model" });
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      expect(reply).toMatchObject({ stop: "error", error: { kind: "unknown_model", retryable: false } });
      expect(`${reply.error?.message} ${reply.error?.hint}`).toContain("no-such-model");
    },
  },
  {
    behaviour: "a server that is not running is an error at once, and its port is named",
    except: noNetwork,
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      await talk.close();
      const { events, reply } = await ask(talk, "hello");
      expect(retriesIn(events)).toEqual([]);
      expect(reply).toMatchObject({ stop: "error", error: { kind: "unreachable", retryable: false } });
      expect(reply.error?.message).toContain(new URL(talk.url).port);
      expect(reply.error?.hint).toMatch(/\w/);
    },
  },
  {
    behaviour: "a page where a stream was expected ends in an error, and not in silence",
    except: noNetwork,
    async holds({ open }) {
      const page = { "content-type": "text/html" };
      const fault = {
        type: "http",
        status: 200,
        headers: page,
        body: "<html><title>Log in</title></html>",
      } as const;
      await using talk = await open([{ fault }, { fault }, { fault }, { fault }, { fault }]);
      const { reply } = await ask(talk, "hello");
      expect(reply).toMatchObject({ stop: "error", message: { text: "" } });
      expect(reply.error?.message).not.toContain("<");
    },
  },
  shown(
    "an error of several lines that would clear the screen",
    { type: "http", status: 400, body: "Bad\r\nrequest\u001b[2J\u0007 of yours" },
    /Bad request.*of yours/,
  ),
  shown(
    "an error in HTML",
    { type: "http", status: 400, body: "<html><title>No way</title></html>" },
    /No way/,
  ),
];
