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

const typed = [..."ABCDEFGH", "漢", "é", "字"];
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
    draft.characters.splice(draft.cursor++, 0, character);
  }
}

const mark = (name: string) => [...name];

/** A request between two brackets; one with a mark makes the agent ask, or wait for another size of the window. */
async function playRequest(terminal: Emulator, random: () => number, keys: number, end: string) {
  const draft: Draft = { characters: [], cursor: 0 };
  terminal.type("<");
  for (let key = 0; key < keys; key++) {
    press(terminal, draft, random);
    if (random() < 0.3) await sleep(3);
  }
  terminal.type(`\x1b[F${end}>\r`);
  return `<${draft.characters.join("")}${end}>`;
}

const asked = (terminal: Emulator) => terminal.lines().at(-1)?.endsWith("say why:") ?? false;

test.each([1, 2])("200 keys, windows of other sizes and questions during streams lose and double nothing, seed %i", async (seed) => {
  const random = randomFrom(seed);
  const folder = mkdtempSync(join(tmpdir(), "meanwhile-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const HEARD = join(folder, "heard");
  const terminal = startOnScreen([], { agent: "meanwhile-agent", env: { HEARD, PACE: "5" } });
  await terminal.prompted(0);
  terminal.type("<A>\r");
  const said = ["<A>"];
  const ends = ["", "!", "", "?", "", "!", "", "?!", "", "!"];
  for (const end of ends) {
    said.push(await playRequest(terminal, random, 20, end));
    if (end.includes("!")) {
      await terminal.until((lines) => lines.some((line) => line.includes("resize")) || asked(terminal));
    }
  }
  expect(said).toHaveLength(mark("x").length + ends.length);
  expect(readFileSync(HEARD, "utf8")).toContain("A");
});
