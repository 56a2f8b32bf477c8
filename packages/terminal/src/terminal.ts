import type { ToolCall } from "@eightfold/core";
import { noteAsked, record } from "@eightfold/trace";
import type { Answer, Question } from "./ask.ts";
import type { Command } from "./choices.ts";
import { belowPrompt } from "./editing.ts";
import { openHistory } from "./history.ts";
import { openJsonOutput } from "./json-output.ts";
import { openKeyboard } from "./keyboard.ts";
import { type LineEditor, openLineEditor } from "./line-editor.ts";
import { styled } from "./markdown/styled-text.ts";
import { type BannerSetting, styledBanner, warn } from "./notices.ts";
import { commandIn, isRequest, linesForAgent, typedRequests, withOwnCommands } from "./prompt.ts";
import { safeLine } from "./safe-text.ts";
import { openScreen, type Screen } from "./screen.ts";
import { listenForStops, type Turn } from "./turn.ts";
import type { View } from "./view.ts";

export interface TerminalSetting extends BannerSetting {
  /** Of the command line. */
  readonly request?: string | undefined;
  /** The slash commands that the agent answers, where it has any. */
  readonly commands?: readonly Command[];
  /** The paths that a half-typed one may mean, which are offered behind an `@`. */
  readonly completePath?: (typed: string) => Promise<readonly string[]>;
  /** The agent runs commands that the user types behind a "!". */
  readonly runsCommands?: boolean;
  /** The file that keeps what the user typed, for the next conversation in the same workspace. */
  readonly history?: string;
  /** `json` is for a program that reads stdout. */
  readonly output?: "text" | "json" | undefined;
  readonly sessionId?: string | undefined;
  /** The part of the model's window that is full, where that is known. */
  readonly windowFill?: () => number | undefined;
}

export interface Terminal {
  /**
   * The request of the command line, once, or else what the user types, until they leave. A line that begins with a slash
   * is one of the agent's commands, spelt as in its list, then a space and its words. The terminal itself answers `/help`,
   * `/exit`, `/quit` and unknown commands. On the command line an unknown one throws a UsageError.
   */
  requests(): AsyncIterable<string>;
  /**
   * Shows a turn until it ends. Ctrl-C aborts its signal; a second Ctrl-C leaves at once. When the request came
   * from the command line, the exit code of the process says how the turn ended.
   */
  show(turn: (signal: AbortSignal) => Turn): Promise<void>;
  /**
   * What the user has typed since the turn began, for the model to read before its next reply. Commands, and anything typed
   * after them, wait for the end of the turn.
   */
  saidMeanwhile(): readonly string[];
  /**
   * The command in a request that the user typed as `!command`, as the only call, with the id "!". Undefined for any other
   * request, and for one of the command line or a pipe, which may hold what somebody else wrote.
   */
  typedCommand(request: string): readonly ToolCall[] | undefined;
  /** Shows Markdown that no model wrote, on stderr; on stdout when a command of the command line asks for it. */
  say(markdown: string): Promise<void>;
  /** What the session used so far, as Markdown. */
  usage(): string;
  /** Whether somebody can be asked: stdin and stderr are a terminal. */
  readonly canAsk: boolean;
  /**
   * Asks the user, even in the middle of a turn. Esc and Ctrl-C mean no, and stop the turn. The end of input and an abort
   * mean no, and so it is when there is nobody to ask.
   */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}

/**
 * Takes the terminal, or the pipes in its place, and prints the banner on stderr. What is shown on a terminal is
 * rendered and coloured; in a pipe, the answer stays as the model wrote it.
 */
export function openTerminal(setting: TerminalSetting): Terminal {
  noteAsked(setting.request ?? "");
  return setting.output === "json" ? openJsonOutput(setting) : openScreenTerminal(setting);
}

function openScreenTerminal(setting: TerminalSetting): Terminal {
  const { request } = setting;
  const kinds = kindsOfLines(setting);
  const { completable, typedCommand } = kinds;
  const commands = request === undefined ? completable.commands : [];
  const { screen, stops } = takeScreen(setting, commands);
  const keyboard = openKeyboard(process.stdin, screen.prompts);
  const editor = openRequestEditor(setting, kinds, screen, { say, loadView });
  const canAsk = Boolean(process.stdin.isTTY && process.stderr.isTTY);
  let view: View | undefined;
  let isAnswer = false;

  /** Nobody waits for the renderer before there is something to render: it is a third of all that a terminal loads. */
  async function loadView(): Promise<View> {
    const { openView } = await import("./view.ts");
    view ??= openView({ screen, keyboard, stops, requests: editor }, commands, setting.windowFill);
    return view;
  }

  async function say(markdown: string): Promise<void> {
    const { answer, note } = await loadView();
    if (isAnswer) answer(markdown);
    else note(markdown);
  }

  void setting.box?.notice.then((notice) => (notice === undefined ? undefined : say(notice)));
  return {
    async *requests() {
      if (request !== undefined && !setting.commands) return yield request;
      isAnswer = request !== undefined && commandIn(request, completable) !== undefined;
      const typed = editor && typedRequests({ screen, stops, keyboard, editor, loadView });
      yield* linesForAgent(typed ?? [request ?? ""], completable, say);
    },
    show: (start) => stops.during(async (signal) => (await loadView()).show(start(signal), signal)),
    saidMeanwhile: () => takeSaid(editor, screen),
    typedCommand,
    say,
    canAsk,
    async ask(question, signal) {
      if (!canAsk) return { type: "no" };
      const asked = performance.now();
      const answer = await (await loadView()).ask(question, signal);
      record({ type: "answer", answer: answer.type, waited: Math.round(performance.now() - asked) });
      return answer;
    },
    usage: () => view?.usage() || "You have not asked anything yet.",
  };
}

/** Where requests are typed; a request of the command line is the only one. */
function openRequestEditor(
  setting: TerminalSetting,
  { completable, isForModel }: ReturnType<typeof kindsOfLines>,
  screen: Screen,
  { say, loadView }: { say(markdown: string): Promise<void>; loadView(): Promise<View> },
) {
  if (setting.request !== undefined) return undefined;
  const tell = (message: string) => void say(message);
  const edit = async (text: string) => (await loadView()).edit(text, tell);
  const history = setting.history === undefined ? undefined : openHistory(setting.history, tell);
  const onTyped = screen.spinner.draw;
  const onHeld = (commands: readonly string[]) =>
    warn(screen, `Not run: ${commands.map(safeLine).join(" · ")}. Up brings it back.`);
  const asked = { onTyped, onHeld, isForModel, history, completable, edit };
  const editor = openLineEditor(screen.prompts, asked);
  screen.spinner.below(editor.rows);
  return editor;
}

/** Seconds: whoever types a command can stop it. */
const LONGEST = 600;

function kindsOfLines(setting: TerminalSetting) {
  const { request, runsCommands } = setting;
  const completable = withOwnCommands(setting);

  function typedCommand(line: string): readonly ToolCall[] | undefined {
    const [, command] = /^\s*!\s*(\S.*?)\s*$/s.exec(line) ?? [];
    if (!runsCommands || request !== undefined || command === undefined) return undefined;
    return [{ id: "!", name: "run_bash", input: { command, timeout: LONGEST } }];
  }

  const isForModel = (line: string) => !typedCommand(line) && isRequest(line, completable);
  return { completable, typedCommand, isForModel };
}

/** The requests that wait become a part of the turn, on the screen too. */
function takeSaid(editor: LineEditor | undefined, screen: Screen): string[] {
  const said = editor?.handOver() ?? [];
  for (const { shown } of said)
    screen.note(Symbol("request"), [styled("› ", "cyan"), styled(`${belowPrompt(shown)}\n`)]);
  return said.map(({ text }) => text);
}

/** The screen with the banner on it, and what tells the process to stop. */
function takeScreen(setting: TerminalSetting, commands: readonly Command[]) {
  const screen = openScreen(process.stdout, process.stderr);
  const stops = listenForStops({
    isOneShot: setting.request !== undefined,
    unread: screen.unread,
    onSlow: () => warn(screen, "Still stopping. Ctrl-C again leaves at once."),
  });
  screen.note("banner", styledBanner(setting, screen.columns(), commands));
  return { screen, stops };
}
