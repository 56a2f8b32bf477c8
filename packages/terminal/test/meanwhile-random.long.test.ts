import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Emulator, startOnScreen } from "./fixtures/emulator.ts";

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What the cursor takes for one character: a paste of several lines is a mark. */
interface Piece {
  readonly text: string;
  readonly shown: string;
}

/** A request in the making, behind a "<", as a user means it: its characters are none of those that the agent streams. */
interface Draft {
  readonly pieces: Piece[];
  cursor: number;
}

/** A user, and what they have done so far. */
interface User {
  readonly terminal: Emulator;
  readonly random: () => number;
  pastes: number;
  edits: number;
}

const typed = [..."ABCDEFGH/!", "漢", "é", "字", " @", " "];
const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const END = "\x1b[F";
const CTRL_G = "\x07";
const CTRL_O = "\x0f";
/** Deletes what is behind the cursor, and brings it back in front of it. */
const THERE_AND_BACK = "\x0b\x19";

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;
const plain = (text: string): Piece[] => Array.from(text, (each) => ({ text: each, shown: each }));

function put({ terminal }: User, draft: Draft, keys: string, pieces: readonly Piece[]): void {
  terminal.type(keys);
  draft.pieces.splice(draft.cursor, 0, ...pieces);
  draft.cursor += pieces.length;
}

/** What a user may do to a line, and how often among a hundred. */
const actions: readonly [number, (user: User, draft: Draft) => Promise<void> | void][] = [
  [
    10,
    ({ terminal }, draft) => {
      if (draft.cursor === 1) return;
      terminal.type(LEFT);
      draft.cursor--;
    },
  ],
  [
    4,
    ({ terminal }, draft) => {
      terminal.type(RIGHT);
      draft.cursor = Math.min(draft.pieces.length, draft.cursor + 1);
    },
  ],
  [
    10,
    ({ terminal }, draft) => {
      if (draft.cursor === 1) return;
      terminal.type("\x7f");
      draft.pieces.splice(--draft.cursor, 1);
    },
  ],
  [
    4,
    ({ terminal }, draft) => {
      terminal.type(THERE_AND_BACK);
      draft.cursor = draft.pieces.length;
    },
  ],
  [4, (user, draft) => put(user, draft, pasted("漢A B"), plain("漢A B"))],
  [
    3,
    (user, draft) => {
      const text = "GH\n漢é";
      put(user, draft, pasted(text), [{ text, shown: `[paste ${++user.pastes}: 2 lines]` }]);
    },
  ],
  [4, (user, draft) => put(user, draft, " @AC\t", plain(" @ACE.md "))],
  [2, editOutside],
  [3, ({ terminal }) => readDetails(terminal)],
];

/** The editor adds to what it is given, in which there are no marks. */
async function editOutside(user: User, draft: Draft): Promise<void> {
  const end = `Y${++user.edits}Z`;
  user.terminal.type(CTRL_G);
  await user.terminal.until(() => user.terminal.page().join("").replace(/\s/g, "").includes(end));
  const whole = draft.pieces.map(({ text }) => text).join("");
  draft.pieces.splice(0, draft.pieces.length, ...plain(whole + end));
  draft.cursor = draft.pieces.length;
}

async function readDetails(terminal: Emulator): Promise<void> {
  terminal.type(CTRL_O);
  await terminal.until((lines) => / of \d+ rows/.test(lines.at(-1) ?? ""));
  terminal.type("q");
  await terminal.until((lines) => !/ of \d+ rows/.test(lines.at(-1) ?? ""));
}

async function act(user: User, draft: Draft): Promise<void> {
  let choice = user.random() * 100;
  for (const [share, action] of actions) {
    choice -= share;
    if (choice < 0) return action(user, draft);
  }
  const text = typed[Math.floor(user.random() * typed.length)] ?? "A";
  put(user, draft, text, plain(text));
}

/** Types a request behind a `<`, in the middle too, and gives it as it has to arrive and to be shown. */
async function typeRequest(user: User, end: string): Promise<Piece> {
  const draft: Draft = { pieces: plain("<"), cursor: 1 };
  for (let key = 0; key < 25; key++) {
    await act(user, draft);
    if (user.random() < 0.3) await sleep(3);
  }
  user.terminal.type(`${END}${end}>\r`);
  const whole = (part: keyof Piece) => `${draft.pieces.map((piece) => piece[part]).join("")}${end}>`;
  return { text: whole("text"), shown: whole("shown") };
}

/** An editor that adds a text to what it is given, another one each time. */
function scriptedEditor(folder: string): string {
  const file = join(folder, "editor.sh");
  const count = join(folder, "count");
  writeFileSync(count, "");
  writeFileSync(
    file,
    `#!/bin/bash
printf x >> '${count}'
whole=$(cat "$1")
printf '%sY%dZ\\n' "$whole" "$(wc -c < '${count}')" > "$1"
`,
  );
  chmodSync(file, 0o700);
  return file;
}

test.each([1, 2])(
  "200 keys, windows and questions during streams lose and double nothing, seed %i",
  async (seed) => {
    const random = randomFrom(seed);
    const folder = mkdtempSync(join(tmpdir(), "meanwhile-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const HEARD = join(folder, "heard");
    const env = { HEARD, PACE: "5", EDITOR: scriptedEditor(folder) };
    const terminal = startOnScreen([], { agent: "meanwhile-agent", env });
    const user: User = { terminal, random, pastes: 0, edits: 0 };
    const heard = () =>
      readFileSync(HEARD, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const page = () => terminal.page().join("").replace(/\s/g, "");
    const times = (word: string) => page().split(word).length - 1;
    const atPrompt = (lines: string[]) => lines.at(-1) === "›" && !page().includes("waits:");
    await terminal.prompted(0);
    terminal.type("<A>\r<");
    await terminal.until("• bash");
    const said: Piece[] = [{ text: "<A>", shown: "<A>" }];
    const ends = ["=", "?", "", "=", ".", "=", "", "?", "=", "."];
    for (const [index, end] of ends.entries()) {
      said.push(await typeRequest(user, end));
      const before = ends.slice(0, index + 1).filter((each) => each === end).length;
      if (end === "=") await terminal.until(() => times("resize") === before);
      if (end === "?") {
        await terminal.until((lines) => /say\s+why:$/.test(lines.slice(-2).join(" ")));
        terminal.type("y\r");
        await terminal.until(() => times("allowedonce") === before);
      }
      if (end === ".") {
        terminal.type("!{C 漢}\r");
        said.push({ text: "!{C 漢}", shown: "" });
        await terminal.until((lines) => heard().length === said.length && atPrompt(lines));
        if (index === ends.length - 1) break;
        await readDetails(terminal);
        terminal.type("<B>\r");
        said.push({ text: "<B>", shown: "<B>" });
      }
      terminal.type("<");
      await terminal.until((lines) => lines.at(-1) === "› <");
      if (end === "=") terminal.resize(24 + Math.floor(random() * 80), 8 + Math.floor(random() * 30));
    }
    expect(heard()).toEqual(said.map(({ text }) => text));
    const shown = said.map((each) => each.shown.replace(/\s/g, "")).filter((each) => each !== "");
    expect(page().match(/<[^<>]*>/g)).toEqual(shown);
    const words = page().match(/w\d+;/g) ?? [];
    expect(words).toEqual(words.map((_, index) => `w${index + 1};`));
  },
);
