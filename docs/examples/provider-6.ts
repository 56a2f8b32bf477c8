import type * as core from "../../packages/core/src/index.ts";

/** A part of a reply. Its texts grow while it is streamed. */
interface Block {
  type: string;
  id?: string;
  name?: string;
  text?: string;
  partial_json?: string;
  thinking?: string;
  signature?: string;
}

/** What we read of an event. */
interface Event {
  type: string;
  index?: number;
  content_block?: Block;
  delta?: Partial<Block> & { stop_reason?: string };
  message?: { usage: { input_tokens: number } };
  usage?: { output_tokens: number };
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
        messages: conversation.flatMap((message) => turnsOf(message, model)),
      };
      const sent = { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/v1/messages`, sent);
      const blocks: Block[] = [];
      const usage = { input: 0, output: 0 };
      let reason = "";
      for await (const event of eventsOf(response)) {
        const { type, index = 0, content_block, delta = {} } = event;
        if (content_block) blocks[index] = content_block;
        grow(blocks[index], delta);
        if (delta.text) yield { type: "text_delta", text: delta.text };
        reason = delta.stop_reason ?? reason;
        usage.input += event.message?.usage.input_tokens ?? 0;
        usage.output = event.usage?.output_tokens ?? usage.output;
        if (type === "message_stop") return { ...replyOf(blocks, model, reason), usage };
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
function turnsOf(message: core.Message, model: string): object[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    const { callId: tool_use_id, text: content, isError: is_error } = message;
    return [{ role: "user", content: [{ type: "tool_result", tool_use_id, content, is_error }] }];
  }
  const { text, toolCalls, native } = message;
  const isOwn = native?.provider === "mine" && native.model === model;
  const neutral = [...(text ? [{ type: "text", text }] : []), ...toolCalls.map(useOf)];
  const content = isOwn ? (native.data as object[]) : neutral;
  return content.length > 0 ? [{ role: "assistant", content }] : [];
}

const useOf = ({ id, name, input }: core.ToolCall) => ({ type: "tool_use", id, name, input });

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
  for (const name of ["text", "partial_json", "thinking", "signature"] as const)
    if (delta[name]) block[name] = (block[name] ?? "") + delta[name];
}

function endOf(reason: string): "done" | "length" | "refused" {
  if (reason === "refusal") return "refused";
  const isCut = /^(max_tokens|model_context_window_exceeded|pause_turn)$/.test(reason);
  return isCut ? "length" : "done";
}

const CUT_OFF = { input: {}, invalid: "The reply was cut off. Call again, in smaller pieces." };

function replyOf(blocks: Block[], model: string, reason: string) {
  const text = blocks.map((block) => block.text ?? "").join("");
  const end = endOf(reason);
  const calls = blocks.filter(({ type }) => type === "tool_use" && end !== "refused").map(callOf);
  const toolCalls = end === "length" ? calls.map((call) => ({ ...call, ...CUT_OFF })) : calls;
  const stop = toolCalls.length > 0 ? "tool_calls" : end;
  const data = blocks.map((block) => (block.type === "tool_use" ? useOf(callOf(block)) : block));
  const native = end === "done" && { native: { provider: "mine", model, data } };
  return { message: { role: "assistant", text, toolCalls, ...native } as const, stop } as const;
}

/** A call of a tool that takes no arguments has none: not even an empty object. */
function callOf({ id = "", name = "", partial_json: json }: Block): core.ToolCall {
  try {
    return { id, name, input: JSON.parse(json || "{}") as core.ToolCall["input"] };
  } catch {
    return { id, name, input: {}, invalid: `The arguments are not JSON: ${json}` };
  }
}
