/** What a response says, put together from its events in any dialect. */
import type { Exchange } from "../../src/trace.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { eventsOf, type StreamEvent } from "./stream.ts";
import { type Json, listOf, parsed, recordOf, textOf } from "./values.ts";

export interface Reply {
  readonly events: readonly StreamEvent[];
  readonly blocks: readonly Block[];
}

export function replyOf(exchange: Exchange): Reply {
  const events = eventsOf(exchange);
  const blocks: Mutable[] = [];
  const values = events.map(({ data }) => parsed(data));
  // A refusal is one JSON value over several lines; a list of models is one, too.
  const whole = parsed(exchange.pieces.map((piece) => ("text" in piece ? piece.text : "")).join(""));
  if (whole !== undefined && (values.length !== 1 || exchange.response?.status !== 200)) {
    return { events, blocks: [{ kind: "json", value: whole }] };
  }
  for (const value of values) for (const read of readers) if (read(recordOf(value), blocks)) break;
  return { events, blocks: blocks.map(finished) };
}

/** Grows by deltas; the arguments of a call come as text. */
interface Mutable {
  readonly kind: "text" | "thought" | "call";
  readonly id: string;
  name: string;
  text: string;
}

function finished({ kind, name, text }: Mutable): Block {
  return kind === "call" ? { kind, id: "", name, input: parsed(text) ?? text } : { kind, text };
}

type Reader = (event: Json, blocks: Mutable[]) => boolean;

function grow(blocks: Mutable[], kind: Mutable["kind"], delta: unknown, id = "", name = ""): true {
  const text = textOf(delta);
  const last = blocks.findLast((block) => (kind === "call" ? block.kind === kind && block.id === id : true));
  if (last?.kind === kind) {
    last.text += text;
    last.name ||= name;
  } else if (text !== "" || kind === "call") blocks.push({ kind, id, name, text });
  return true;
}

const readers: readonly Reader[] = [script, responses, anthropic, chat, gemini, ollama];

/** The demo model: our own events, and the whole reply last. */
function script({ type, text, reply }: Json, blocks: Mutable[]): boolean {
  if (type === "text_delta") return grow(blocks, "text", text);
  if (type === "reasoning_delta") return grow(blocks, "thought", text);
  for (const call of listOf(recordOf(recordOf(reply).message).toolCalls)) {
    const { id, name, input } = recordOf(call);
    growBy({ kind: "call", id: textOf(id), name: textOf(name), input }, blocks);
  }
  return type === "reply";
}

function responses({ type, delta, item, item_id }: Json, blocks: Mutable[]): boolean {
  if (type === "response.output_text.delta") return grow(blocks, "text", delta);
  if (/^response\.reasoning(?:_summary)?_text\.delta$/.test(textOf(type)))
    return grow(blocks, "thought", delta);
  if (type === "response.function_call_arguments.delta") return grow(blocks, "call", delta, textOf(item_id));
  const { type: itemType, id, name } = recordOf(item);
  if (type === "response.output_item.added" && itemType === "function_call") {
    return grow(blocks, "call", "", textOf(id), textOf(name));
  }
  return textOf(type).startsWith("response.");
}

function anthropic({ type, index, content_block, delta }: Json, blocks: Mutable[]): boolean {
  const id = textOf(index);
  const { type: blockType, name } = recordOf(content_block);
  if (type === "content_block_start" && blockType === "tool_use")
    return grow(blocks, "call", "", id, textOf(name));
  const { type: deltaType, text, thinking, partial_json } = recordOf(delta);
  if (deltaType === "text_delta") return grow(blocks, "text", text);
  if (deltaType === "thinking_delta") return grow(blocks, "thought", thinking);
  if (deltaType === "input_json_delta") return grow(blocks, "call", partial_json, id);
  return /^(?:message_|content_block_|ping)/.test(textOf(type));
}

function chat({ choices }: Json, blocks: Mutable[]): boolean {
  if (!Array.isArray(choices)) return false;
  const { delta, message } = recordOf(choices[0]);
  const { content, reasoning_content, reasoning, tool_calls } = recordOf(delta ?? message);
  grow(blocks, "thought", reasoning_content ?? reasoning);
  grow(blocks, "text", content);
  for (const call of listOf(tool_calls).map(recordOf)) {
    const { name, arguments: input } = recordOf(call.function);
    grow(blocks, "call", input, textOf(call.index) || textOf(call.id), textOf(name));
  }
  return true;
}

function gemini({ candidates }: Json, blocks: Mutable[]): boolean {
  if (!Array.isArray(candidates)) return false;
  for (const block of blocksOf(recordOf(recordOf(candidates[0]).content).parts ?? [])) growBy(block, blocks);
  return true;
}

function ollama({ message }: Json, blocks: Mutable[]): boolean {
  if (!message) return false;
  for (const block of blocksOf(message)) growBy(block, blocks);
  return true;
}

/** These dialects send each call whole. */
function growBy(block: Block, blocks: Mutable[]): void {
  if (block.kind === "text" || block.kind === "thought") grow(blocks, block.kind, block.text);
  if (block.kind !== "call") return;
  blocks.push({ kind: "call", id: `${blocks.length}`, name: block.name, text: JSON.stringify(block.input) });
}
