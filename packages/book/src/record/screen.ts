/** A run of text in one style; `codes` are those of the terminal, such as `1` for bold, in their order. */
export interface Styled {
  readonly text: string;
  readonly codes: string;
}
export type ScreenLine = readonly Styled[];

interface Cell {
  readonly letter: string;
  readonly codes: string;
}

const ESCAPE = "\u001b";
const PIECE = new RegExp(`${ESCAPE}(?:\\[([\\d;?]*)([A-Za-z])|[78])|[\\s\\S]`, "gu");
/** What ends a style: 22 ends bold and dim, 24 underlined, 27 inverse, 39 a colour. */
const ENDED: Readonly<Record<string, RegExp>> = { 0: /./, 22: /^[12]$/, 24: /^4$/, 27: /^7$/, 39: /^3\d$/ };

export interface Screen {
  write(data: string): void;
  /** All lines so far, from the first. */
  lines(): ScreenLine[];
  /** The index of the cursor's line. */
  row(): number;
  /** The text of the cursor's line. */
  current(): string;
}

/** As much of a terminal as the agents use: colours, the cursor's column, kept and put back too, erasing from the cursor on, a line up. */
export function openScreen(): Screen {
  const rows: Cell[][] = [[]];
  let row = 0;
  let column = 0;
  let kept = { row, column };
  let codes: string[] = [];

  const print = (letter: string) => {
    const cells = rows[row] ?? [];
    while (cells.length < column) cells.push({ letter: " ", codes: "" });
    cells[column] = { letter, codes: codes.join(";") };
    column += 1;
  };
  const control = (numbers: string, kind: string) => {
    const count = Number(numbers) || 1;
    if (kind === "m") for (const code of (numbers || "0").split(";")) codes = styled(codes, code);
    if (kind === "G") column = count - 1;
    if (kind === "C") column += count;
    if (kind === "A") row = Math.max(0, row - count);
    if (kind === "K" || kind === "J") rows[row]?.splice(column);
    if (kind === "J") rows.splice(row + 1);
  };
  return {
    write(data) {
      for (const [piece, numbers = "", kind] of data.matchAll(PIECE)) {
        if (kind) control(numbers, kind);
        else if (piece === `${ESCAPE}7`) kept = { row, column };
        else if (piece === `${ESCAPE}8`) ({ row, column } = kept);
        else if (piece === "\r") column = 0;
        else if (piece === "\n") {
          row += 1;
          if (row === rows.length) rows.push([]);
        } else if (piece >= " ") print(piece);
      }
    },
    lines: () => rows.map(joined),
    row: () => row,
    current: () => (rows[row] ?? []).map(({ letter }) => letter).join(""),
  };
}

function styled(codes: readonly string[], code: string): string[] {
  const ended = ENDED[code];
  if (ended) return codes.filter((each) => !ended.test(each));
  return [...codes.filter((each) => each !== code), code];
}

/** Neighbours of one style together; blanks at the end are not part of a line. */
function joined(cells: readonly Cell[]): Styled[] {
  const line: Styled[] = [];
  const end = cells.findLastIndex(({ letter }) => letter !== " ") + 1;
  for (const { letter, codes } of cells.slice(0, end)) {
    const last = line.at(-1);
    if (last?.codes === codes) line[line.length - 1] = { text: last.text + letter, codes };
    else line.push({ text: letter, codes });
  }
  return line;
}
