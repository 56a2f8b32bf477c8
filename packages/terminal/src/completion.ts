import type { Completable, Offer } from "./choices.ts";
import { type EditedLine, insert } from "./edited-line.ts";

/** A command, its words, or a path is being typed. */
const BEGUN = /^\/\S*$|^\/[a-z]+ \S*$|(?:^|\s)@\S*$/i;

const MAX_ROWS = 7;

interface Completing {
  readonly line: EditedLine;
  readonly completable: Completable | undefined;
  readonly onFound: () => void;
  offer?: Offer | undefined;
  selected: number;
  looking?: Promise<void> | undefined;
  /** How often something was looked for: what is found for an earlier line is dropped. */
  looks: number;
  /** What is being typed is not what the user wants to have completed. */
  isDismissed?: boolean;
}

const isDumb = () => process.env.TERM === "dumb";

/**
 * The list of suggestions below a line. The code that makes it is loaded with the first one. A dumb terminal shows no list, and
 * Tab takes the best suggestion.
 */
export function openCompletion(line: EditedLine, completable: Completable | undefined, onFound: () => void) {
  const completing: Completing = { line, completable, onFound, selected: -1, looks: 0 };
  return {
    close: () => close(completing),
    /** What was typed has changed the line, or the cursor has moved: a request that is recalled is not being typed. */
    follow(was: Pick<EditedLine, "text" | "cursor" | "recalled">): void {
      if (line.text === was.text && line.cursor === was.cursor) return;
      if (line.text !== was.text && line.recalled === was.recalled && !isDumb()) follow(completing);
      else close(completing);
    },
    /** Does what a key is for in the list. @returns false for the others, and a promise for what takes its time */
    press: (key: string) => press(completing, key),
    /** Esc; false when nothing is shown. */
    dismiss(): boolean {
      completing.isDismissed ||= completing.offer !== undefined;
      return completing.offer !== undefined && close(completing);
    },
    rows: (columns: number, most: number) =>
      completing.offer?.rows(completing.selected, columns, isDumb() ? 0 : Math.min(MAX_ROWS, most)) ?? [],
  };
}

function close(completing: Completing): true {
  Object.assign(completing, { offer: undefined, looking: undefined, selected: -1 });
  completing.looks++;
  return true;
}

function follow(completing: Completing): void {
  const { completable, line } = completing;
  const before = line.text.slice(0, line.cursor);
  const isBegun = BEGUN.test(before);
  if (!isBegun) completing.isDismissed = false;
  if (!completable || !isBegun || completing.isDismissed) close(completing);
  else completing.looking = look(completing, before, completable);
}

async function look(completing: Completing, before: string, completable: Completable): Promise<void> {
  const look = ++completing.looks;
  const { findOffer } = await import("./choices.ts");
  const offer = await findOffer(before, completable, () => look !== completing.looks);
  if (look !== completing.looks) return;
  Object.assign(completing, { offer, looking: undefined, selected: -1 });
  completing.onFound();
}

function press(completing: Completing, key: string): boolean | Promise<void> {
  if (key === "tab") return complete(completing);
  if (key === "\r") return accept(completing, -1);
  const by = { up: -1, "ctrl-p": -1, down: 1, "ctrl-n": 1 }[key];
  if (!completing.offer || by === undefined) return false;
  // The list that is shown is of an earlier line.
  if (completing.looking) return completing.looking.then(() => move(completing, by));
  move(completing, by);
  return true;
}

/** The first Tab where no list is shown shows it, if it is more than one choice. */
async function complete(completing: Completing): Promise<void> {
  const isExpected = (completing.offer ?? completing.looking) !== undefined;
  completing.isDismissed = false;
  if (!isExpected) follow(completing);
  await completing.looking;
  const takes = isExpected || isDumb() || completing.offer?.choices.length === 1;
  if (takes && accept(completing, 0) && !isDumb()) follow(completing);
}

/** Puts the selected choice into the line, else the one at the index. */
function accept({ line, offer, selected }: Completing, index: number): boolean {
  const text = offer?.choices[selected >= 0 ? selected : index];
  if (offer && text !== undefined) insert(line, text, offer.typed.length);
  return text !== undefined;
}

function move(completing: Completing, by: number): void {
  const length = completing.offer?.choices.length ?? 0;
  const start = completing.selected < 0 && by < 0 ? 0 : completing.selected;
  if (length > 0) completing.selected = (start + by + length) % length;
}
