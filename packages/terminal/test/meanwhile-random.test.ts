import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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

/** A request in the making, as a user means it: its characters are none of those that the agent streams. */
interface Draft {
  readonly characters: string[];
  cursor: number;
}

const typed = [..."ABCDEFGH", "漢", "é", "字", " @"];
const LEFT = "\x1b[D";

function press(terminal: Emulator, draft: Draft, random: () => number): void {
  const choice = random();
  if (choice < 0.1 && draft.cursor > 0) {
    terminal.type(LEFT);
    draft.cursor--;
  } else if (choice < 0.2 && draft.cursor > 0) {
    terminal.type("\x7f");
    draft.characters.splice(--draft.cursor, 1);
  } else {
    const character = typed[Math.floor(random() * typed.length)] ?? "A";
    terminal.type(character);
    draft.characters.splice(draft.cursor, 0, ...character);
    draft.cursor += character.length;
  }
}

/** Types a request behind a `<`, in the middle too, and gives it as it has to arrive. */
async function typeRequest(terminal: Emulator, random: () => number, end: string): Promise<string> {
  const draft: Draft = { characters: [], cursor: 0 };
  for (let key = 0; key < 25; key++) {
    press(terminal, draft, random);
    if (random() < 0.3) await sleep(3);
  }
  terminal.type(`\x1b[F${end}>\r`);
  return `<${draft.characters.join("")}${end}>`;
}

test.each([1, 2])(
  "200 keys, windows and questions during streams lose and double nothing, seed %i",
  async (seed) => {
    const random = randomFrom(seed);
    const folder = mkdtempSync(join(tmpdir(), "meanwhile-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const HEARD = join(folder, "heard");
    const terminal = startOnScreen([], { agent: "meanwhile-agent", env: { HEARD, PACE: "5" } });
    const heard = () =>
      readFileSync(HEARD, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const page = () => terminal.page().join("").replace(/\s/g, "");
    const times = (word: string) => page().split(word).length - 1;
    await terminal.prompted(0);
    terminal.type("<A>\r<");
    const said = ["<A>"];
    const ends = ["!", "?", "", "!", "", "?", "!", "!"];
    for (const [index, end] of ends.entries()) {
      said.push(await typeRequest(terminal, random, end));
      const before = ends.slice(0, index + 1).filter((each) => each === end).length;
      if (end === "!") await terminal.until(() => times("resize") === before);
      if (end === "?") {
        await terminal.until((lines) => /say\s+why:$/.test(lines.slice(-2).join(" ")));
        terminal.type("y\r");
        await terminal.until(() => times("allowedonce") === before);
      }
      terminal.type("<");
      await terminal.until((lines) => lines.at(-1) === "› <");
      if (end === "!") terminal.resize(24 + Math.floor(random() * 80), 8 + Math.floor(random() * 30));
    }
    terminal.type(".>\r");
    said.push("<.>");
    await terminal.until((lines) => heard().length === said.length && lines.at(-1) === "›");
    expect(heard()).toEqual(said);
    expect(page().match(/<[^<>]*>/g)).toEqual(said.map((text) => text.replaceAll(" ", "")));
    const words = page().match(/w\d+;/g) ?? [];
    expect(words).toEqual(words.map((_, index) => `w${index + 1};`));
    expect(page()).not.toContain("waits:");
  },
);
