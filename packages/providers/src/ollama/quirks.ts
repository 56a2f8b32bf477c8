/** What some servers and models of Ollama do otherwise. */
import type { Delta, JsonSchema } from "@eightfold/core";
import type { Message } from "ollama";
import { reduceSchema } from "../schema.ts";

/** What the server keeps of a schema. https://github.com/ollama/ollama/blob/main/api/types.go, ToolProperty */
const KEYWORDS = new Set(["type", "items", "required", "properties", "anyOf", "description", "enum"]);

export function ollamaSchema(schema: JsonSchema): JsonSchema {
  return reduceSchema(schema, KEYWORDS);
}

const OPEN = "<think>";
const CLOSE = "</think>";

export interface ThinkTags {
  /** Takes a piece of content, and gives what is known of it by now. */
  read(content: string): Delta[];
  /** Gives what was held back, at the end. */
  rest(): Delta[];
}

/**
 * Tells thinking from text in a reply that begins with `<think>`: servers that do not know a model's template leave
 * its thoughts in the content. https://github.com/ollama/ollama/issues/10976
 */
export function readThinkTags(): ThinkTags {
  let state: "start" | "thinking" | "text" = "start";
  let held = "";

  const text = (said: string): Delta[] => (said === "" ? [] : [{ type: "text_delta", text: said }]);
  const reasoning = (said: string): Delta[] => (said === "" ? [] : [{ type: "reasoning_delta", text: said }]);

  function start(): Delta[] {
    const begun = held.trimStart();
    if (begun.startsWith(OPEN)) {
      state = "thinking";
      held = begun.slice(OPEN.length);
      return thinking();
    }
    if (OPEN.startsWith(begun)) return [];
    state = "text";
    return text(held);
  }

  function thinking(): Delta[] {
    const end = held.indexOf(CLOSE);
    if (end >= 0) {
      state = "text";
      return [...reasoning(held.slice(0, end)), ...text(held.slice(end + CLOSE.length).trimStart())];
    }
    const safe = held.length - overlap(held);
    const said = held.slice(0, safe);
    held = held.slice(safe);
    return reasoning(said);
  }

  return {
    read(content) {
      if (state === "text") return text(content);
      held += content;
      return state === "start" ? start() : thinking();
    },
    rest: () => (state === "start" ? text(held) : state === "thinking" ? reasoning(held) : []),
  };
}

/** How many letters at the end of a text may be the beginning of the closing tag. */
function overlap(text: string): number {
  let length = Math.min(text.length, CLOSE.length - 1);
  while (!CLOSE.startsWith(text.slice(text.length - length))) length--;
  return length;
}

/**
 * Whether the server left out a part of what it was sent. It does so without a word where `truncate: false` is not
 * known to it, and counts only what it kept. `counted` is its own count of input tokens: it covers the whole prompt
 * since 2024, but for 0.30.0, which left out what was cached. Hence the second condition: a conversation that is
 * short against the context is never called truncated.
 */
export function isTruncated(
  messages: readonly Message[],
  counted: number | undefined,
  contextTokens: number,
): boolean {
  if (counted === undefined) return false;
  const fewest = messages.reduce((sum, { content }) => sum + fewestTokens(content), 0);
  return counted < fewest && fewest > contextTokens / 2;
}

/**
 * A number of tokens that no tokenizer can stay below: tokens span neither two words nor a word and the number
 * behind it. Real counts are higher, by a third in English, and severalfold in scripts without spaces.
 */
export function fewestTokens(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/[^\s\p{L}\p{M}\p{N}]?[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]+/gu)) count++;
  return count;
}
