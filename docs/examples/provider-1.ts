import type * as core from "../../packages/core/src/index.ts";

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
        messages: [{ role: "user", content: conversation.at(-1)?.text }],
      };
      const sent = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/v1/messages`, sent);
      const { content } = (await response.json()) as { content: { text: string }[] };
      const text = content.map((block) => block.text).join("");
      yield { type: "text_delta", text };
      return { message: { role: "assistant", text, toolCalls: [] }, stop: "done", usage: {} };
    },

    explain: () => undefined,
  };
}
