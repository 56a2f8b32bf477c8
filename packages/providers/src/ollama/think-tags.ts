import type { Delta } from "@eightfold/core";

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
