import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { Problem } from "./problem.ts";

/** What someone at the keyboard does next. */
export interface Keys {
  /** Waits for this text, printed since the last keys; without it for an agent's prompt. */
  readonly after?: string;
  readonly press: string;
}

export interface Session {
  /** Everything that the terminal shows in the end, without colours. */
  readonly screen: string;
  readonly exitCode: number;
}

const COLUMNS = 80;
const PROMPT = /^›$/m;
const LIMIT_MS = 180_000;

/** Runs a bash script in a terminal of 80 columns. A Problem when it waits for keys that never come, or never ends. */
export async function runInTerminal(
  script: string,
  keys: readonly Keys[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Session> {
  const terminal = new xterm.Terminal({
    cols: COLUMNS,
    rows: 40,
    scrollback: 10_000,
    allowProposedApi: true,
  });
  const pty = spawn("bash", ["--noprofile", "--norc", "-c", script], { cols: COLUMNS, rows: 40, cwd, env });
  const left = [...keys];
  let printed = 0;
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  const alarm = setTimeout(() => {
    const next = left[0];
    const wait = next ? `it waits to type ${JSON.stringify(next.press)}` : "nothing is left to type";
    reject(new Problem(`It does not end (${wait}). The screen:\n${screenOf(terminal, 0)}`));
    pty.kill("SIGKILL");
  }, LIMIT_MS);
  terminal.onWriteParsed(() => {
    const next = left[0];
    const fresh = screenOf(terminal, printed);
    if (!next || !(next.after === undefined ? PROMPT.test(lastLineOf(fresh)) : fresh.includes(next.after)))
      return;
    left.shift();
    printed = terminal.buffer.active.baseY + terminal.buffer.active.cursorY + 1;
    setTimeout(() => pty.write(next.press), 50); // after what it still prints at its prompt
  });
  terminal.onData((answer) => pty.write(answer));
  pty.onData((data) => terminal.write(data));
  pty.onExit(({ exitCode }) => terminal.write("", () => resolve(exitCode)));
  try {
    const exitCode = await ended;
    return { screen: screenOf(terminal, 0), exitCode };
  } finally {
    clearTimeout(alarm);
  }
}

/** The text from a line on; lines that the terminal wrapped are whole again. */
function screenOf(terminal: xterm.Terminal, from: number): string {
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let at = from; at < active.length; at++) {
    const line = active.getLine(at);
    const wraps = active.getLine(at + 1)?.isWrapped ?? false;
    const text = line?.translateToString(!wraps) ?? "";
    if (line?.isWrapped) lines.push((lines.pop() ?? "") + text);
    else lines.push(text);
  }
  return lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}

const lastLineOf = (text: string) => text.slice(text.lastIndexOf("\n") + 1);
