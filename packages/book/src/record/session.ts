import { spawn } from "@lydell/node-pty";
import { WIDTH } from "./cast.ts";
import { openScreen, type ScreenLine } from "./screen.ts";

/** A question that the agent asked, on the line where its answer is in the end. */
export interface Question {
  readonly row: number;
  readonly text: string;
  readonly answer: string;
}

export interface Session {
  readonly lines: readonly ScreenLine[];
  readonly questions: readonly Question[];
}

const PROMPT = /^› *$/;
const QUESTION = /or say why: *$/;
const QUIET_MS = 120;
const LIMIT_MS = 120_000;

/** Runs a command in a terminal, typing at each prompt and each question what comes next, and Ctrl-D in the end. */
export async function runSession(
  command: string,
  typed: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  exit = 0,
): Promise<Session> {
  const screen = openScreen();
  const pty = spawn("bash", ["--noprofile", "--norc", "-c", command], { cols: WIDTH, rows: 24, cwd, env });
  const left = [...typed];
  const questions: Question[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  const answer = () => {
    const line = screen.current();
    const isQuestion = QUESTION.test(line);
    if (!isQuestion && !PROMPT.test(line)) return;
    const next = left.shift();
    if (isQuestion) questions.push({ row: screen.row(), text: line.trimEnd(), answer: next ?? "" });
    pty.write(next === undefined ? "\x04" : `${next}\r`);
  };
  let timer = setTimeout(answer, QUIET_MS);
  const alarm = setTimeout(() => {
    pty.kill("SIGKILL");
    reject(new Error(`${command} does not end. It shows:\n${screen.current()}`));
  }, LIMIT_MS);
  pty.onData((data) => {
    screen.write(data);
    clearTimeout(timer);
    timer = setTimeout(answer, QUIET_MS);
  });
  pty.onExit(({ exitCode }) => resolve(exitCode));
  const code = await ended;
  clearTimeout(timer);
  clearTimeout(alarm);
  if (code !== exit) throw new Error(`${command} ended with exit ${code}. It shows:\n${screen.current()}`);
  return { lines: withoutLastPrompt(screen.lines()), questions };
}

/** Without the empty lines at the end, and the prompt that Ctrl-D left. */
function withoutLastPrompt(lines: readonly ScreenLine[]): ScreenLine[] {
  const last = lines.findLastIndex(
    (line) =>
      !/^›?$/.test(
        line
          .map(({ text }) => text)
          .join("")
          .trim(),
      ),
  );
  return lines.slice(0, last + 1);
}
