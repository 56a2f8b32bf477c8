import { normalise } from "../normalise.ts";
import type { ScreenLine, Styled } from "./screen.ts";
import type { Question, Session } from "./session.ts";

/** What appears, and when: seconds from the start. */
export type Event = readonly [seconds: number, data: string];

/** A command as it is typed, and the session that follows from it. */
export interface Take {
  readonly command: string;
  readonly session: Session;
}

/** The terminal's columns. */
export const WIDTH = 80;

/** How long things take, in milliseconds. They are set here and not measured, so that a recording made again is the same. */
const PACE = { letter: 38, word: 70, line: 45, tool: 550, before: 500, question: 1500, end: 2500 };

/** The recording of some commands, one after the other: an asciicast of version 2 has these events. */
export function eventsOf(takes: readonly Take[]): Event[] {
  const events: Event[] = [];
  let now = 0;
  const emit = (data: string, milliseconds: number) => {
    events.push([now / 1000, data]);
    now += milliseconds;
  };
  const type = (text: string) => {
    for (const letter of text) emit(letter, PACE.letter);
  };
  for (const { command, session } of takes) {
    emit(`${painted({ text: "$", codes: "2" })} `, PACE.before);
    type(command);
    emit("\r\n", PACE.before);
    for (const [row, line] of session.lines.entries()) {
      const question = session.questions.find((each) => each.row === row);
      if (question) ask(question, emit);
      showLine(line, emit, type);
    }
    emit("\r\n", PACE.before);
  }
  now += PACE.end;
  emit("", 0);
  return events;
}

type Emit = (data: string, milliseconds: number) => void;

function ask({ text, answer }: Question, emit: Emit): void {
  emit(`${painted({ text, codes: "36" })} `, PACE.question);
  emit(answer, PACE.before);
  emit("\r\u001b[2K", 0); // the still and the player both take this for an empty line
}

function showLine(line: ScreenLine, emit: Emit, type: (text: string) => void): void {
  const plain = line.map(({ text }) => text).join("");
  if (plain.startsWith("› ")) {
    emit(`${painted({ text: "›", codes: "36" })} `, PACE.before);
    type(plain.slice(2));
    emit("\r\n", PACE.before);
  } else if (line.length === 1 && !line[0]?.codes && plain.length > 30) {
    for (const part of folded(settled(plain))) {
      for (const word of part.split(/(?<=\S)(?= )/)) emit(word, PACE.word);
      emit("\r\n", PACE.line);
    }
  } else {
    emit(`${line.map(painted).join("")}\r\n`, isTool(line) ? PACE.tool : PACE.line);
  }
}

/** A line as wide as the terminal at most. */
function folded(text: string): string[] {
  const space = text.lastIndexOf(" ", WIDTH);
  return text.length > WIDTH && space > 0 ? [text.slice(0, space), ...folded(text.slice(space + 1))] : [text];
}

/** `• read_file …`: a tool at work. A list has the same bullet, and no colour. */
const isTool = ([first]: ScreenLine) => first?.text.startsWith("•") === true && first.codes !== "";

function painted({ text, codes }: Styled): string {
  return codes ? `\u001b[${codes}m${settled(text)}\u001b[0m` : settled(text);
}

/** Paths, times and ids as they stand in the book. */
const settled = (text: string) => normalise(text).join(" ");
