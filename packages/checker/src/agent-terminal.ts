import { stripVTControlCharacters } from "node:util";
import { tryKill } from "./agent-process.ts";
import { endOfLines, waitFor } from "./wait.ts";

/** An agent in a pseudo-terminal, and someone at the keyboard. */
export interface AgentTerminal {
  /** All that was printed, without colours and cursor movements. */
  readonly screen: string;
  /** Types a line and Enter, once the agent waits for one. */
  ask(line: string): Promise<void>;
  /** Waits for the prompt: the line without an end that the agent showed when it waited for the first time. */
  prompt(): Promise<void>;
  press(keys: string): void;
  /** Waits until the text is on the screen. */
  shows(text: string): Promise<void>;
  /** Waits for its end, and returns its exit code. */
  end(): Promise<number>;
  kill(): void;
}

export const CTRL_C = "\x03";
export const CTRL_D = "\x04";
export const ESC = "\x1b";

/** How long the first prompt must stand still to be taken for one. */
const STILL_MS = 50;

/** Starts a program in a terminal of 80 columns. */
export async function startTerminal(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd = process.cwd(),
): Promise<AgentTerminal> {
  const { spawn } = await import("@lydell/node-pty");
  const [file = "", ...args] = command;
  const pty = spawn(file, args, { cols: 80, rows: 40, cwd, env: { ...env, TERM: "xterm-256color" } });
  let output = "";
  let changed = Date.now();
  let code: number | undefined;
  pty.onData((data) => {
    output += data;
    changed = Date.now();
  });
  pty.onExit(({ exitCode }) => {
    code = exitCode;
  });

  let learned: string | undefined;
  let acted = 0;
  const screen = () => plain(output);
  const press = (keys: string) => {
    acted = output.length;
    pty.write(keys);
  };
  const waits = () => {
    const line = lastLine(plain(output.slice(acted)));
    if (code !== undefined) throw new Error(`the agent has ended with exit code ${code}`);
    if (learned !== undefined) return line.endsWith(learned);
    if (line === "" || Date.now() - changed < STILL_MS) return false;
    learned = line;
    return true;
  };
  const until = (what: string, condition: () => boolean) =>
    waitFor(what, condition, () => endOfLines(output));
  const prompt = () => until("the prompt", waits);
  return {
    get screen() {
      return screen();
    },
    press,
    prompt,
    ask: (line) => prompt().then(() => press(`${line}\r`)),
    shows: (text) => until(`${JSON.stringify(text)} on the screen`, () => screen().includes(text)),
    end: () => until("the agent to end", () => code !== undefined).then(() => code ?? 0),
    kill: () => void tryKill(-pty.pid, "SIGKILL"),
  };
}

/** Drawn, and then the cursor put back. Node takes a letter that follows for a part of the sequence. */
const PUT_BACK = new RegExp(`${ESC}7[^${ESC}]*${ESC}8`, "g");

function plain(output: string): string {
  return stripVTControlCharacters(output.replaceAll(PUT_BACK, ""));
}

function lastLine(text: string): string {
  return text.slice(Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1).trimEnd();
}
