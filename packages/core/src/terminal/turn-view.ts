import type { StopReason } from "../conversation.ts";
import type { ModelError, ModelEvent } from "../model/model.ts";
import type { ToolEvent } from "../tool/index.ts";
import { openProse, type Prose } from "./prose.ts";
import { safeText } from "./safe-text.ts";
import type { Screen } from "./screen.ts";
import type { Style } from "./style.ts";
import { endLine, startLine } from "./tool-line.ts";
import { wrap } from "./width.ts";

/** One turn on the screen. */
export interface TurnView {
  show(event: ModelEvent | ToolEvent): Promise<void>;
  /** Says why the turn ended, where that is not plain to see. */
  end(stop: StopReason): Promise<void>;
}

const lastWords: Readonly<Partial<Record<StopReason, string>>> = {
  length: "The reply was cut off: it reached the model's length limit.",
  refused: "The model refused to answer.",
  step_limit: "Stopped at the step limit. Say “go on” to continue.",
  loop: "Stopped: the model was repeating itself.",
  aborted: "stopped",
};

export function openTurnView(screen: Screen, style: Style): TurnView {
  let prose: { readonly kind: "answer" | "reasoning"; readonly text: Prose } | undefined;
  let silent = true;

  async function say(kind: "answer" | "reasoning", piece: string): Promise<void> {
    if (prose?.kind !== kind) {
      await endProse();
      prose = { kind, text: openProse(kind === "answer" ? answer() : reasoning()) };
    }
    await prose.text.write(piece);
  }

  async function endProse(): Promise<void> {
    await prose?.text.end();
    prose = undefined;
  }

  /** Each reply is a block of its own, also where only replies are written: in a pipe. */
  function answer() {
    const block = Symbol("answer");
    return (text: string) => screen.answer(block, text);
  }

  function reasoning() {
    const block = Symbol("reasoning");
    let label = "thinking: ";
    return async (text: string) => {
      await screen.note(block, text === "\n" ? text : style.dim(label + text));
      label = "";
    };
  }

  function notice(paragraphs: readonly (readonly [paint: (text: string) => string, text: string])[]) {
    const lines = paragraphs.flatMap(([paint, text]) =>
      wrap(safeText(text), screen.columns() - 1).map(paint),
    );
    return screen.note("notice", `${lines.join("\n")}\n`);
  }

  async function show(event: ModelEvent | ToolEvent): Promise<void> {
    if (event.type === "text_delta") {
      silent &&= event.text.trim() === "";
      return say("answer", event.text);
    }
    if (event.type === "reasoning_delta") return say("reasoning", event.text);
    await endProse();
    switch (event.type) {
      case "tool_start":
        return screen.note("tools", `${startLine(event.call, screen.columns(), style)}\n`);
      case "tool_end":
        return screen.note("tools", `${endLine(event.result, screen.columns(), style)}\n`);
      case "retry":
        return notice([[style.yellow, `${event.error.message} ${retryWords(event.waitMs)}`]]);
      case "reply_end":
        return event.error && notice(errorWords(event.error));
    }
  }

  function errorWords({ message, hint }: ModelError) {
    const said = [style.red, message] as const;
    return hint === undefined ? [said] : [said, [style.dim, hint] as const];
  }

  return {
    show,
    async end(stop) {
      await endProse();
      const words = silent && stop === "done" ? "The model said nothing." : lastWords[stop];
      if (words !== undefined && !screen.unread.aborted) await notice([[style.yellow, words]]);
    },
  };
}

function retryWords(waitMs: number): string {
  return `Trying again in ${Math.max(1, Math.round(waitMs / 1000))} s.`;
}
