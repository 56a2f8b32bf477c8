/** What a provider has to send. */
import type { Message } from "@eightfold/core";
import {
  type Asked,
  calls,
  expectSame,
  expectText,
  type Heard,
  type ProviderCheck,
  readFile,
  user,
} from "./bench.ts";

/** A conversation whose last reply made calls, with a result for each. */
function withResults(request: Message, { reply }: Heard, isError = false): Asked {
  const results = reply.message.toolCalls.map(
    ({ id, name, input }): Message => ({
      ...{ role: "tool", callId: id, name, text: `the text of ${input.path}` },
      ...{ isError, summary: "" },
    }),
  );
  return { conversation: [request, reply.message, ...results], tools: [readFile] };
}

export const requests: readonly ProviderCheck[] = [
  {
    id: "answers",
    step: 1,
    title: "the service takes the request, and its text is the reply",
    advice: "POST to ANTHROPIC_BASE_URL/v1/messages, with x-api-key and anthropic-version; read content",
    async run({ serve, ask }) {
      await serve([{ text: "Hello, Ada." }]);
      expectText(await ask("I am Ada."), "Hello, Ada.");
    },
  },
  {
    id: "conversation",
    step: 3,
    title: "every message is sent, with the system prompt beside them",
    advice: "map the conversation to messages; the system prompt is a field of its own",
    async run({ serve, ask }) {
      const server = await serve([{ text: "Ada." }]);
      const conversation: Message[] = [
        user("I am Ada."),
        { role: "assistant", text: "Hello.", toolCalls: [] },
        user("Who am I?"),
      ];
      await ask({ system: "Be brief.", conversation });
      const view = server.requests[0]?.view;
      const said = view?.messages.map(({ role, text }) => `${role}: ${text}`);
      expectSame("messages", said, ["user: I am Ada.", "assistant: Hello.", "user: Who am I?"]);
      expectSame("a system prompt", view?.system, "Be brief.");
    },
  },
  {
    id: "silence",
    step: 3,
    title: "a reply that was interrupted before its first word is left out",
    advice: "send no message whose content is empty: the service refuses the whole request",
    async run({ serve, ask }) {
      await serve([{ text: "Hello." }]);
      const silent: Message = { role: "assistant", text: "", toolCalls: [] };
      expectText(await ask({ conversation: [user("Hi."), silent, user("Still there?")] }), "Hello.");
    },
  },
  {
    id: "tools",
    step: 4,
    title: "tools are declared, with the schema of their arguments",
    advice: "send tools: name, description, and parameters as input_schema",
    async run({ serve, ask }) {
      const server = await serve([{ text: "Hello." }]);
      await ask({ conversation: [user("Hi.")], tools: [readFile] });
      expectSame("tools", server.requests[0]?.view.tools, [readFile]);
    },
  },
  {
    id: "results",
    step: 5,
    title: "each result goes back to its call, right behind the reply",
    advice: "a result is a tool_result block in a message of the user's, and its call a tool_use block",
    async run({ serve, ask }) {
      const server = await serve([{ calls }, { text: "Compared." }]);
      const request = user("Compare them.");
      const first = await ask({ conversation: [request], tools: [readFile] });
      expectText(await ask(withResults(request, first)), "Compared.");
      const results = server.requests[1]?.view.messages.filter(({ role }) => role === "tool");
      expectSame(
        "results",
        results?.map(({ text }) => text),
        ["the text of a.md", "the text of b.md"],
      );
    },
  },
  {
    id: "failed",
    step: 5,
    title: "the result of a call that failed is marked",
    advice: "set is_error from the result's isError",
    async run({ serve, ask }) {
      const server = await serve([{ calls }, { text: "Neither." }]);
      const request = user("Compare them.");
      await ask(withResults(request, await ask({ conversation: [request], tools: [readFile] }), true));
      const marks = server.requests[1]?.raw.match(/"is_error":\w+/g);
      expectSame("marks", marks, ['"is_error":true', '"is_error":true']);
    },
  },
  {
    id: "thoughts",
    step: 5,
    title: "what the model thought goes back as it came, with its signature",
    advice: "keep the blocks of a reply in its `native`, and send those back to the same model",
    async run({ serve, ask }) {
      await serve([{ reasoning: "Two files.", text: "I will look.", calls }, { text: "Compared." }]);
      const request = user("Compare them.");
      const first = await ask({ conversation: [request], tools: [readFile] });
      expectSame("a text", first.reply.message.text, "I will look.");
      expectText(await ask(withResults(request, first)), "Compared.");
    },
  },
  {
    id: "foreign",
    step: 5,
    title: "what another model thought does not go back",
    advice: "send `native` only where its provider and its model are yours",
    async run({ serve, ask }) {
      await serve([{ text: "Hello." }]);
      const data = [
        { type: "thinking", thinking: "", signature: "of another model" },
        { type: "text", text: "Hi." },
      ];
      const native = { provider: "another", model: "another", data };
      const theirs: Message = { role: "assistant", text: "Hi.", toolCalls: [], native };
      expectText(await ask({ conversation: [user("Hi."), theirs, user("Hi again.")] }), "Hello.");
    },
  },
];
