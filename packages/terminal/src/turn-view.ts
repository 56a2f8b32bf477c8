import type { ModelEvent, StopReason } from "@eightfold/core";
import { errorNotice, lastWords, paragraph, retryNotice } from "./notices.ts";
import { openProse, type Prose, type ProseLook } from "./prose.ts";
import type { Block, Screen } from "./screen.ts";
import type { Style } from "./style.ts";
import type { TurnEvent } from "./terminal.ts";
import { endLine, startLine } from "./tool-line.ts";

/** One turn on the screen. */
export interface TurnView {
  show(event: TurnEvent): void;
  /** Says why the turn ended, where that is not plain to see. */
  end(stop: StopReason): void;
}

type ProseEvent = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;
type NoteEvent = Exclude<TurnEvent, ProseEvent>;

export function openTurnView(screen: Screen, style: Style): TurnView {
  let prose: { readonly type: ProseEvent["type"]; readonly text: Prose } | undefined;
  let silent = true;

  function say({ type, text }: ProseEvent): void {
    if (prose?.type !== type) {
      endProse();
      prose = { type, text: openProse(lookOf(type, screen, style)) };
    }
    prose.text.write(text);
    if (type === "text_delta" && text.trim() !== "") silent = false;
  }

  function endProse(): void {
    prose?.text.end();
    prose = undefined;
  }

  return {
    show(event) {
      if (event.type === "text_delta" || event.type === "reasoning_delta") {
        say(event);
        return;
      }
      endProse();
      const note = noteOn(event, screen.columns(), style);
      if (note) screen.note(note.block, `${note.text}\n`);
    },

    end(stop) {
      endProse();
      const words = silent && stop === "done" ? "The model said nothing." : lastWords[stop];
      if (words === undefined || screen.unread.aborted) return;
      screen.note("notice", `${paragraph(words, screen.columns(), style.yellow)}\n`);
    },
  };
}

/** Each stretch of text is a block of its own, also where nothing else is written between two of them: in a pipe. */
function lookOf(type: ProseEvent["type"], screen: Screen, style: Style): ProseLook {
  const block = Symbol(type);
  if (type === "text_delta") {
    return { put: (text) => screen.answer(block, text), paint: (text) => text, label: "" };
  }
  return { put: (text) => screen.note(block, text), paint: style.dim, label: "thinking: " };
}

function noteOn(event: NoteEvent, columns: number, style: Style): { block: Block; text: string } | undefined {
  switch (event.type) {
    case "tool_start":
      return { block: "tools", text: startLine(event.call, columns, style) };
    case "tool_end":
      return { block: "tools", text: endLine(event.result, columns, style) };
    case "tool_progress":
      return undefined;
    case "notice":
      return { block: "notice", text: paragraph(event.text, columns, style.dim) };
    case "retry":
      return { block: "notice", text: retryNotice(event.error, event.waitMs, columns, style) };
    case "reply_end":
      return event.error && { block: "notice", text: errorNotice(event.error, columns, style) };
  }
}
