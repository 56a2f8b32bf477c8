import type { StopReason, ToolCall, ToolResult } from "../../conversation.ts";
import type { ModelEvent } from "../../model/model.ts";
import type { ToolEvent } from "../../tool/index.ts";
import { errorNotice, lastWords, paragraph, retryNotice } from "../notices.ts";
import { openProse, type Prose } from "../prose.ts";
import type { Screen } from "../screen.ts";
import type { Style } from "../style.ts";
import { callLine, callWords } from "./call-line.ts";
import { diffRuns } from "./diff-view.ts";
import { type Ink, type Paint, paintFor } from "./ink.ts";
import { type Markdown, openMarkdown } from "./markdown.ts";
import type { Spinner } from "./spinner.ts";

type ProseEvent = Extract<ModelEvent, { type: "text_delta" | "reasoning_delta" }>;

/** One turn on the screen. */
export interface RichTurn {
  show(event: ModelEvent | ToolEvent): void;
  /** The turn has been told to stop: nothing moves any longer. */
  stopped(): void;
  /** Says why the turn ended, where that is not plain to see. */
  end(stop: StopReason): void;
  /** Something else is written in the middle of the turn. */
  moved(): void;
}

export interface TurnPlace {
  readonly screen: Screen;
  readonly style: Style;
  readonly spinner: Spinner;
  /** The call that ended last, for whoever wants to see all of it. */
  ended(call: ToolCall, result: ToolResult): void;
}

/** A diff longer than this is cut. */
const MAX_DIFF_LINES = 24;

export function openRichTurn(place: TurnPlace): RichTurn {
  const { screen, style, spinner } = place;
  const paint = paintFor(process.stderr);
  let prose: { readonly type: ProseEvent["type"]; readonly text: Prose & Partial<Markdown> } | undefined;
  let silent = true;
  spinner.wait("thinking");

  function say({ type, text }: ProseEvent): void {
    if (prose?.type !== type) {
      endProse();
      if (text.trim() === "") return;
      prose = { type, text: type === "text_delta" ? openAnswer(screen) : openThinking(screen, paint) };
      spinner.wait(type === "text_delta" ? "writing" : "thinking");
    }
    prose.text.write(text);
    if (type === "text_delta") silent = false;
  }

  function endProse(): void {
    prose?.text.end();
    prose = undefined;
  }

  function note(event: Exclude<ModelEvent | ToolEvent, ProseEvent>): void {
    const columns = screen.columns();
    endProse();
    if (event.type === "tool_start") spinner.wait(callWords(event.call));
    if (event.type === "tool_end") {
      place.ended(event.call, event.result);
      const { diff } = event.result;
      const runs = callLine(event.call, event.result, columns);
      if (diff) runs.push(...diffRuns(diff, columns, MAX_DIFF_LINES));
      screen.note("tools", paint(runs));
      spinner.wait("thinking");
    }
    if (event.type === "retry") {
      screen.note("notice", `${retryNotice(event.error, event.waitMs, columns, style)}\n`);
      spinner.wait("waiting to try again");
    }
    if (event.type === "reply_end" && event.error) {
      screen.note("notice", `${errorNotice(event.error, columns, style)}\n`);
    }
  }

  return {
    show(event) {
      if (event.type === "text_delta" || event.type === "reasoning_delta") say(event);
      else note(event);
    },
    stopped: () => spinner.stop(),
    end(stop) {
      spinner.stop();
      endProse();
      const words = silent && stop === "done" ? "The model said nothing." : lastWords[stop];
      if (words === undefined || screen.unread.aborted) return;
      screen.note("notice", `${paragraph(words, screen.columns(), style.yellow)}\n`);
    },
    moved: () => prose?.text.moved?.(),
  };
}

/** The answer: rendered on a terminal; in a pipe, the Markdown as the model wrote it. */
function openAnswer(screen: Screen): Prose & Partial<Markdown> {
  const block = Symbol("answer");
  const put = (text: string) => screen.answer(block, text);
  if (!process.stdout.isTTY) return openProse({ put, paint: (text) => text, label: "" });
  return openMarkdown({ put, paint: paintFor(process.stdout), columns: screen.columns });
}

function openThinking(screen: Screen, paint: Paint): Markdown {
  const block = Symbol("thinking");
  const ink: Ink = ["dim"];
  const markdown = openMarkdown({
    put: (text) => screen.note(block, text),
    paint,
    columns: screen.columns,
    ink,
  });
  markdown.write("thinking: ");
  return markdown;
}
