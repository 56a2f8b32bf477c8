import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Emulator, startOnScreen } from "../test/fixtures/emulator.ts";

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What an editor has to make of keys, in the simplest way. */
interface Model {
  readonly characters: string[];
  cursor: number;
}

type Action = readonly [bytes: string, act: (model: Model) => void];

/** The emulator and we agree on how wide these are; the others are in the tests of the line by itself. */
const typed = [..."abcdefgh", " ", " ", "é", "e\u0301", "漢", "字"];

const types = (characters: string[]) => (model: Model) => {
  model.characters.splice(model.cursor, 0, ...characters);
  model.cursor += characters.length;
};

function moveTo(model: Model, cursor: number): void {
  model.cursor = cursor;
}

const keys: readonly Action[] = [
  ["\x1b[D", (model) => moveTo(model, Math.max(0, model.cursor - 1))],
  ["\x1bOC", (model) => moveTo(model, Math.min(model.characters.length, model.cursor + 1))],
  ["\x1b[H", (model) => moveTo(model, 0)],
  ["\x1b[4~", (model) => moveTo(model, model.characters.length)],
  ["\x7f", (model) => void (model.cursor > 0 && model.characters.splice(--model.cursor, 1))],
  ["\x1b[3~", (model) => void model.characters.splice(model.cursor, 1)],
  ["\x0b", (model) => void model.characters.splice(model.cursor)],
  ["\x1b[200~one two\x1b[201~", types([..."one two"])],
  ["\x1b[120u", types(["x"])],
  // A list below the line, which is typed into, dismissed, or open when the window changes.
  [" @", types([" ", "@"])],
  [" @zz", types([" ", "@", "z", "z"])],
  ...[
    "\x1b[<0;10;10M",
    "\x1b[M !!",
    "\x1b[I",
    "\x1b]11;rgb:1/2/3\x07",
    "\x1b[57441;2u",
    "\x1b[15~",
    "\x1bz",
    // In no list, and in one, they do nothing to the text.
    "\x18",
  ].map((bytes): Action => [bytes, () => {}]),
];

function randomAction(random: () => number): Action {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  if (random() < 0.35) return pick(keys) ?? ["", () => {}];
  const word = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(typed) ?? "");
  return [word.join(""), types(word)];
}

/** Writes bytes in pieces, which are cut anywhere but behind an Esc: that would be the key. */
async function typeInPieces(terminal: Emulator, text: string, random: () => number): Promise<void> {
  let rest = text;
  while (rest !== "") {
    let length = 1 + Math.floor(random() * 12);
    while (rest[length - 1] === "\x1b") length++;
    terminal.type(rest.slice(0, length));
    rest = rest.slice(length);
    await turn();
  }
}

const bare = (text: string) => text.normalize("NFC").replace(/\s+/g, "");

let width = 80;

/** Of a window: from 31 to 90 columns, and never what it is. */
function otherWidth(random: () => number): number {
  width = 31 + ((width - 31 + 1 + Math.floor(random() * 59)) % 60);
  return width;
}

/** Files that no letters but those of the test fit: what is typed behind an `@` is offered a choice, or none. */
function folderOfNames(): string {
  const root = mkdtempSync(join(tmpdir(), "names-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const name of ["abcd.ts", "cafe.md", "h 漢字 é.md", "deaf-ear-and-a-name-that-is-long.txt"])
    writeFileSync(join(root, name), "");
  mkdirSync(join(root, "bad"));
  writeFileSync(join(root, "bad/face.ts"), "");
  return root;
}

/**
 * Behind a slash or an `@`: any letters, some arrows, and Tab, whatever is offered meanwhile. Then a list is shown in windows
 * of two sizes, and nothing of it is left.
 */
async function playList(terminal: Emulator, random: () => number): Promise<void> {
  const pick = (items: readonly string[]) => items[Math.floor(random() * items.length)] ?? "";
  const lists = ["\x1b[A", "\x1b[B", "\x0e", "\x10", "\t"];
  terminal.type(pick(["/", "@", "漢 @", "see @b", "/m"]));
  for (let key = 0; key < 12; key++) {
    terminal.type(random() < 0.5 ? pick(lists) : pick([..."abcdefh", "\x7f"]));
    await turn();
  }
  const clear = "\x1b[F \x15\x0b";
  terminal.type(clear);
  await terminal.until((lines) => lines.at(-1) === "›");
  const prompts = () => terminal.page().filter((row) => row.startsWith("›")).length;
  const before = prompts();
  terminal.type("see @fac");
  await terminal.until((lines) => lines.slice(-2).join("|") === "› see @fac|  bad/face.ts");
  terminal.type("\x7f");
  const last = (lines: string[]) => lines.at(-1)?.endsWith("me-that-is-long.txt") ?? false;
  await terminal.until(last);
  await terminal.redrawnAt(otherWidth(random), 24);
  await terminal.until((lines) => last(lines) && prompts() === before);
  terminal.type(clear);
  await terminal.until((lines) => lines.at(-1) === "›");
  expect(prompts()).toBe(before);
}

async function playRound(terminal: Emulator, random: () => number, round: number): Promise<void> {
  const model: Model = { characters: [], cursor: 0 };
  if (round > 0) await playList(terminal, random);
  const actions = Array.from({ length: 40 }, () => randomAction(random));
  const ahead = random() < 0.2 ? "pause\r" : "";
  for (const [, act] of actions) act(model);
  types(["z"])(model);
  const ended = () => terminal.page().filter((row) => row.startsWith("usage unknown")).length;
  const turns = ended() + (ahead === "" ? 0 : 1);
  await typeInPieces(terminal, `${ahead}${actions.map(([bytes]) => bytes).join("")}z`, random);
  const line = model.characters.join("");
  const isShown = () =>
    bare(
      terminal
        .page()
        .slice(terminal.page().findLastIndex((row) => row.startsWith("›")))
        .join(""),
    ) === bare(`›${line}`);
  // While a turn draws, one row may still be drawn for the window as it was: nobody has told the agent yet. The line below a
  // turn has no cursor of the terminal's own; that of the prompt has, unless there is a list below it.
  const isPrompt = () =>
    terminal.drawn().lastIndexOf("\x1b[?25h") >= terminal.drawn().lastIndexOf("\x1b[?25l");
  await terminal.until(() => ended() === turns && isShown() && isPrompt());
  const prompts = () => terminal.page().filter((row) => row.startsWith("›")).length;
  const before = prompts();
  await terminal.redrawnAt(otherWidth(random), 24);
  await terminal.until(isShown);
  expect(prompts()).toBe(before);
  terminal.type("\r");
  await terminal.until(() => prompts() === before + 1 && terminal.lines().at(-1) === "›");
  const answer = terminal.page().slice(terminal.page().findLastIndex((row) => row.startsWith("asked")));
  expect([round, bare(answer.join("")).split("1.2kin")[0]]).toEqual([
    round,
    bare(`asked${JSON.stringify(line)}`),
  ]);
}

test.each([1, 2, 3, 4, 5, 6])(
  "keys, noise and windows of any size lose and double nothing, seed %i",
  async (seed) => {
    const random = randomFrom(seed);
    width = 80;
    const terminal = startOnScreen(["--cwd", folderOfNames()], {
      columns: 80,
      rows: 24,
      env: { TERM_PROGRAM: "vscode" },
    });
    await terminal.prompted(0);
    for (let round = 0; round < 8; round++) await playRound(terminal, random, round);
    expect(terminal.page().filter((row) => row.startsWith("Eightfold"))).toHaveLength(1);
  },
);
