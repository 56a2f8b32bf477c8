import type * as core from "../../packages/core/src/index.ts";

/** What we read of an event. */
interface Event {
  type: string;
  delta?: { text?: string };
}

type Env = Record<string, string | undefined>;

export default function openMine(env: Env): core.Provider {
  const { ANTHROPIC_API_KEY: key = "", MODEL: model = "claude-sonnet-5-5" } = env;
  const { ANTHROPIC_BASE_URL: url = "https://api.anthropic.com" } = env;
  const version = { "content-type": "application/json", "anthropic-version": "2023-06-01" };
  const headers = { ...version, "x-api-key": key };

  return {
    provider: "mine",
    name: model,

    async *attempt({ conversation }) {
      const body = {
        model,
        max_tokens: 8192,
        stream: true,
        messages: [{ role: "user", content: conversation.at(-1)?.text }],
      };
      const sent = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/v1/messages`, sent);
      let text = "";
      for await (const { type, delta = {} } of eventsOf(response)) {
        if (delta.text) yield { type: "text_delta", text: delta.text };
        text += delta.text ?? "";
        if (type === "message_stop")
          return { message: { role: "assistant", text, toolCalls: [] }, stop: "done", usage: {} };
      }
      throw new Error("the stream ended before the reply did");
    },

    explain: () => undefined,
  };
}

/** The events of a stream. A piece of it may end inside a line, or inside a character. */
async function* eventsOf({ body }: Response): AsyncGenerator<Event> {
  let rest = "";
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines)
      if (line.startsWith("data:")) yield JSON.parse(line.slice("data:".length)) as Event;
  }
}
