import { HIDE_CURSOR, SHOW_CURSOR } from "./drawn-line.ts";
import type { Keyboard } from "./keyboard.ts";
import { paintFor, type StyledText, styled, styledLines } from "./markdown/styled-text.ts";
import type { Detail } from "./results.ts";
import { safeText } from "./safe-text.ts";
import { type Screen, SECOND_PAGE } from "./screen.ts";
import type { Stops } from "./turn.ts";
import { fitColumns, slices } from "./width.ts";

/** How often a page is drawn again while a command prints. */
const LIVE_MS = 150;

export interface Paging {
  readonly screen: Screen;
  readonly keyboard: Keyboard;
  readonly stops: Stops;
}

/**
 * Shows details in full, opened at the last one, until the user leaves with `q`, Esc, Ctrl-C, Ctrl-D or Ctrl-O. The agent keeps
 * working meanwhile: its words appear afterwards, and what a command prints is added to the end of the page.
 */
export function readDetails(details: readonly Detail[], { screen, keyboard, stops }: Paging): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const output = screen.prompts;
  const { draw, redraw, move } = openPage(details, screen);
  const uncover = screen.cover();

  function leave(): void {
    clearInterval(timer);
    output.off("resize", redraw);
    stops.left.removeEventListener("abort", leave);
    giveBack();
    output.write(SHOW_CURSOR);
    uncover();
    resolve();
  }

  const [up, down] = [move(() => -1), move(() => 1)];
  const [pageUp, pageDown] = [move((room) => -room), move((room) => room)];
  const [home, end] = [move(() => Number.NEGATIVE_INFINITY), move(() => Number.POSITIVE_INFINITY)];
  const letters: Readonly<Record<string, () => void>> = {
    ...{ q: leave, k: up, j: down, b: pageUp, " ": pageDown, g: home, G: end, "\r": down },
  };
  const giveBack = keyboard.take({
    input: ({ type, text }) => type === "text" && [...text].forEach((letter) => void letters[letter]?.()),
    interrupt: leave,
    resumed: redraw,
    ended: leave,
    keys: {
      ...{ escape: leave, "ctrl-o": leave, "ctrl-d": leave, up, down, home, end },
      ...{ pageup: pageUp, pagedown: pageDown },
    },
  });
  const timer = setInterval(draw, LIVE_MS);
  output.on("resize", redraw);
  stops.left.addEventListener("abort", leave);
  redraw();
  return promise;
}

/** The page, from its last detail on, or with its end in view where that goes on: the end is followed once it is reached. */
function openPage(details: readonly Detail[], screen: Screen) {
  const output = screen.prompts;
  const rowsOf = rowReader(output);
  /** The first row that is shown; undefined while the end is followed. */
  let top = details.at(-1)?.isOver ? rowsOf(details, screen.columns()).lastHead : undefined;
  let drawn = "";
  const roomNow = () => Math.max(1, screen.rows() - 1);

  function draw(): void {
    const { rows } = rowsOf(details, screen.columns());
    const room = roomNow();
    const bottom = Math.max(0, rows.length - room);
    const first = Math.min(top ?? bottom, bottom);
    const shown = Array.from({ length: room }, (_, index) => rows[first + index] ?? "");
    const place = `${Math.min(rows.length, first + room)} of ${rows.length} rows`;
    const keys = fitColumns(`${place} · q leaves · ↑ ↓ Space b g G`, screen.columns() - 1);
    const page = [...shown, paintFor(output)([styled(keys, "dim")])]
      .map((row) => `${row}\x1b[K`)
      .join("\r\n");
    if (page !== drawn) output.write(`\x1b[H${page}`);
    drawn = page;
  }

  return {
    draw,
    redraw(): void {
      drawn = "";
      output.write(SECOND_PAGE + HIDE_CURSOR);
      draw();
    },
    move: (by: (room: number) => number) => () => {
      const bottom = Math.max(0, rowsOf(details, screen.columns()).rows.length - roomNow());
      const wanted = Math.min(top ?? bottom, bottom) + by(Math.max(1, roomNow() - 1));
      top = wanted < bottom ? Math.max(0, wanted) : undefined;
      draw();
    },
  };
}

/** All details as the rows of a screen, and the first row of the last; what has not changed is not wrapped again. */
function rowReader(output: NodeJS.WriteStream) {
  const known = new Map<Detail, { readonly key: string; readonly rows: readonly string[] }>();
  const paint = paintFor(output);

  return (details: readonly Detail[], columns: number) => {
    const rows: string[] = [];
    let lastHead = 0;
    for (const detail of details) {
      const key = `${columns} ${detail.text.length} ${detail.isOver}`;
      let read = known.get(detail);
      if (read?.key !== key) {
        read = { key, rows: paint(styledDetail(detail, columns)).trimEnd().split("\n") };
        known.set(detail, read);
      }
      if (rows.length > 0) rows.push("");
      lastHead = rows.length;
      for (const row of read.rows) rows.push(row);
    }
    return { rows, lastHead };
  };
}

function styledDetail({ head, text, body }: Detail, columns: number): StyledText[] {
  const lines = safeText(text).trimEnd().replaceAll("\t", "    ").split("\n");
  const below = body?.(columns) ?? styledLines(lines.flatMap((line) => slices(line, columns - 1)));
  return [...head(columns), ...below];
}

/** The last detail, for a terminal that has no second page. */
export function lastDetail(details: readonly Detail[], screen: Screen): string {
  const last = details.at(-1);
  const nothing = styledLines(["No tool has run yet."], "dim");
  return paintFor(screen.prompts)(last ? styledDetail(last, screen.columns()) : nothing);
}
