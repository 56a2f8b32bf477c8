/** Thoughts that a model writes into its text. */
import type { Delta } from "@eightfold/core";

/** What models write around their thoughts. */
const TAGS = ["<think>", "<thinking>", "<thought>", "<seed:think>", "[THINK]"];

/**
 * Tells thinking from text in a reply that begins with such a tag: servers that do not know a model's template leave
 * its thoughts in the content. https://github.com/ollama/ollama/issues/10976
 */
export function readThinkTags() {
  let state: "start" | "thinking" | "text" = "start";
  let held = "";
  let close = "";
  const say = (type: Delta["type"], text: string): Delta[] => (text === "" ? [] : [{ type, text }]);

  /** Takes a piece of content, and gives what is known of it by now. */
  function read(content: string): Delta[] {
    if (state === "text") return say("text_delta", content);
    held += content;
    if (state === "start") {
      const begun = held.trimStart();
      const open = TAGS.find((tag) => begun.startsWith(tag));
      if (open === undefined) {
        if (TAGS.some((tag) => tag.startsWith(begun))) return [];
        state = "text";
        return say("text_delta", held);
      }
      state = "thinking";
      held = begun.slice(open.length);
      close = closing(open);
    }
    const end = held.indexOf(close);
    if (end >= 0) {
      state = "text";
      const text = held.slice(end + close.length).trimStart();
      return [...say("reasoning_delta", held.slice(0, end)), ...say("text_delta", text)];
    }
    const safe = held.length - overlap(held, close);
    const thought = held.slice(0, safe);
    held = held.slice(safe);
    return say("reasoning_delta", thought);
  }

  /** Gives what was held back, at the end. */
  const rest = () =>
    state === "text" ? [] : say(state === "start" ? "text_delta" : "reasoning_delta", held);

  return { read, rest };
}

/** How many letters at the end of a text may be the beginning of the closing tag. */
function overlap(text: string, close: string): number {
  let length = Math.min(text.length, close.length - 1);
  while (!close.startsWith(text.slice(text.length - length))) length--;
  return length;
}

/** "</think>", "[/THINK]" */
function closing(open: string): string {
  return `${open[0]}/${open.slice(1)}`;
}
