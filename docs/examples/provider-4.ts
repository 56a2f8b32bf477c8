import type * as core from "../../packages/core/src/index.ts";

/** A part of a reply. Its texts grow while it is streamed. */
interface Block {
  type: string;
  id?: string;
  name?: string;
  text?: string;
  partial_json?: string;
}

/** What we read of an event. */
interface Event {
  type: string;
  index?: number;
  content_block?: Block;
  delta?: Partial<Block>;
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

    async *attempt({ system, conversation, tools }) {
      const body = {
        model,
        max_tokens: 8192,
        stream: true,
        system,
        tools: tools?.map(declare),
        messages: conversation.flatMap(turnOf),
      };
      const sent = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/v1/messages`, sent);
      const blocks: Block[] = [];
      for await (const { type, index = 0, content_block, delta = {} } of eventsOf(response)) {
        if (content_block) blocks[index] = content_block;
        grow(blocks[index], delta);
        if (delta.text) yield { type: "text_delta", text: delta.text };
        if (type === "message_stop") return replyOf(blocks);
      }
      throw new Error("the stream ended before the reply did");
    },

    explain: () => undefined,
  };
}

function declare({ name, description, parameters }: core.ToolDeclaration) {
  return { name, description, input_schema: parameters };
}

/** A message as the service takes it. It takes none that is empty. */
function turnOf({ role, text }: core.Message) {
  return text ? [{ role, content: text }] : [];
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

function grow(block: Block | undefined, delta: Partial<Block>): void {
  if (!block) return;
  for (const name of ["text", "partial_json"] as const)
    if (delta[name]) block[name] = (block[name] ?? "") + delta[name];
}

function replyOf(blocks: Block[]): core.CompleteReply {
  const text = blocks.map((block) => block.text ?? "").join("");
  const toolCalls = blocks.filter(({ type }) => type === "tool_use").map(callOf);
  const stop = toolCalls.length > 0 ? "tool_calls" : "done";
  return { message: { role: "assistant", text, toolCalls }, stop, usage: {} };
}

/** A call of a tool that takes no arguments has none: not even an empty object. */
function callOf({ id = "", name = "", partial_json: json }: Block): core.ToolCall {
  try {
    return { id, name, input: JSON.parse(json || "{}") as core.ToolCall["input"] };
  } catch {
    return { id, name, input: {}, invalid: `The arguments are not JSON: ${json}` };
  }
}
