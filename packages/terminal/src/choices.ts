import { setImmediate as nextTurn } from "node:timers/promises";
import { type StyledText, styled } from "./markdown/styled-text.ts";
import { exactLine, safeLine } from "./safe-text.ts";
import { charactersOf, fitColumns, widthOf } from "./width.ts";

/** A line that begins with a slash, and what it does. */
export interface Command {
  readonly name: string;
  readonly help: string;
  /** Whether words may follow the name; a function lists those to offer. */
  readonly takesWords?: true | (() => Promise<readonly string[]>);
}

/** What can be completed while it is typed. */
export interface Completable {
  readonly commands: readonly Command[];
  /** Some of them are the agent's. */
  readonly agentHasSome: boolean;
  /** The paths that a half-typed one may mean: those that fit it are offered. */
  readonly completePath?: ((typed: string) => Promise<readonly string[]>) | undefined;
}

/** What may take the place of what is typed, the likeliest first. */
export interface Offer {
  /** Before the cursor. */
  readonly typed: string;
  readonly choices: readonly string[];
  /** This many rows at most, one of which may be the selected choice. */
  rows(selected: number, columns: number, most: number): StyledText[];
}

/** Of more, the number is shown. */
const MAX_CHOICES = 50;

/** So long may nobody wait for a key that they press meanwhile. */
const SLICE_MS = 8;

/** What may be meant where something is typed, and how it goes on behind it. */
interface Source {
  readonly typed: string;
  readonly names: readonly string[];
  readonly helpOf?: ((name: string) => string) | undefined;
  /** What is put into the line. */
  readonly textOf: (name: string) => string;
}

/** What may be meant by the end of a line. @param isStale somebody has typed on: nobody waits for the answer */
export async function findOffer(
  before: string,
  all: Completable,
  isStale: () => boolean,
): Promise<Offer | undefined> {
  const source = await sourceOf(before, all).catch(() => undefined); // what cannot be listed is not offered
  if (!source || isStale()) return undefined;
  const { typed, helpOf, textOf } = source;
  const { names, total } = await bestOf(typed, source.names, isStale);
  if (names.length === 0) return undefined;
  return {
    typed,
    choices: names.map(textOf),
    rows: (selected, columns, most) => rowsOf({ names, total, helpOf, selected }, columns, most),
  };
}

async function sourceOf(before: string, all: Completable): Promise<Source | undefined> {
  const { commands, completePath } = all;
  const named = (wanted: string) => commands.find((each) => each.name === wanted);
  const [, name = "", words] = /^(\/\S*)(?: (\S*))?$/.exec(before) ?? [];
  if (name !== "" && words === undefined) {
    return {
      typed: name,
      names: commands.map((each) => each.name),
      helpOf: (wanted) => named(wanted)?.help ?? "",
      textOf: (wanted) => (named(wanted)?.takesWords ? `${wanted} ` : wanted),
    };
  }
  const takesWords = named(name.toLowerCase())?.takesWords;
  if (words !== undefined && typeof takesWords === "function")
    return { typed: words, names: await takesWords(), textOf: (wanted) => wanted };
  const [, path] = /(?:^|\s)@(\S*)$/.exec(before) ?? [];
  if (path === undefined || !completePath) return undefined;
  return { typed: path, names: await completePath(path), textOf: pathAsTyped };
}

/** In quotes, where the name would end or mean something else without. */
function pathAsTyped(path: string): string {
  const quote = path.includes('"') ? "'" : '"';
  if (/[\s"]|^[@']/.test(path)) return `${quote}${path}${quote} `;
  return path.endsWith("/") ? path : `${path} `;
}

/** Those that fit what is typed, the likeliest first; of a hundred thousand, in pieces between which keys are heard. */
async function bestOf(typed: string, names: readonly string[], isStale: () => boolean) {
  const wanted = typed.toLowerCase();
  const fits = new RegExp(
    `^${[...wanted].map((character) => `[^${escaped(character)}]*${escaped(character)}`).join("")}`,
    "isu",
  );
  let best: { readonly name: string; readonly points: number }[] = [];
  let total = 0;
  let least = Number.NEGATIVE_INFINITY;
  let started = performance.now();

  function cut(): void {
    best.sort((a, b) => b.points - a.points);
    best = best.slice(0, MAX_CHOICES);
    if (best.length === MAX_CHOICES) least = best.at(-1)?.points ?? least;
  }

  for (const [index, name] of names.entries()) {
    if (index % 512 === 511 && performance.now() - started > SLICE_MS) {
      await nextTurn();
      if (isStale()) return { names: [], total: 0 };
      started = performance.now();
    }
    if (!fits.test(name) || !isOffered(name, wanted)) continue;
    total++;
    const points = pointsOf(name, wanted);
    if (points > least) best.push({ name, points });
    if (best.length >= 2 * MAX_CHOICES) cut();
  }
  cut();
  return { names: best.map(({ name }) => name), total };
}

const escaped = (character: string) => character.replace(/[\\\]^$.*+?()[{}|/]/, "\\$&");

/** Hidden names come when a dot asks for them. A name that shows something else than it is could be offered for another. */
function isOffered(name: string, wanted: string): boolean {
  if (name.toLowerCase() === wanted && name.endsWith("/")) return false;
  const isExact = exactLine(name) === name && !name.includes("\ufffd"); // Node's word for bytes that are no UTF-8
  return isExact && (wanted.includes(".") || !/(?:^|\/)\./.test(name));
}

/**
 * How well a name fits what is typed. Best is a match at its beginning, then in its last part, at the beginning of a part, in
 * one piece anywhere; last come single letters, from the end. Of two that fit alike, the shorter wins.
 */
function pointsOf(name: string, wanted: string): number {
  const lower = name.toLowerCase();
  const base = lower.lastIndexOf("/", lower.length - 2) + 1;
  if (wanted === "" || (wanted.endsWith("/") && lower.startsWith(wanted))) return 10_000; // as they are listed
  const inBase = lower.indexOf(wanted, base);
  const at = inBase >= 0 && !lower.startsWith(wanted) ? inBase : lower.indexOf(wanted);
  if (at >= 0) {
    const place = at === 0 ? 400 : at === base ? 300 : startsWord(name, at) ? 200 : 0;
    return 5_000 + place + (at >= base ? 100 : 0) - name.length / 4;
  }
  let points = -name.length / 4;
  let behind = lower.length;
  for (let index = wanted.length - 1, from = lower.length; index >= 0; index--) {
    const place = lower.lastIndexOf(wanted[index] ?? "", from - 1);
    if (place === behind - 1) points += 30;
    if (startsWord(name, place)) points += 20;
    if (place >= base) points += 10;
    [behind, from] = [place, place];
  }
  return points;
}

/** Behind a mark, or a capital behind a small letter. */
function startsWord(name: string, at: number): boolean {
  const [before = "/", first = ""] = [name[at - 1], name[at]];
  return /[^\p{L}\p{N}]/u.test(before) || (/\p{Lu}/u.test(first) && /\p{Ll}/u.test(before));
}

interface Shown extends Pick<Source, "names" | "helpOf"> {
  readonly total: number;
  readonly selected: number;
}

/** None is as wide as the screen. */
function rowsOf({ names, total, helpOf, selected }: Shown, columns: number, most: number): StyledText[] {
  if (most < 1) return [];
  const room = total > most && most > 1 ? most - 1 : most;
  const start = Math.max(0, Math.min(selected - room + 1, names.length - room));
  const shown = names.slice(start, start + room).map(safeLine);
  const width = Math.min(Math.max(8, columns - 4), Math.max(...shown.map(widthOf)));
  const rows = shown.map((name, index): StyledText[] => {
    const isSelected = start + index === selected;
    const cell = helpOf ? fitColumns(name, width) : endOf(name, width);
    const help = safeLine(helpOf?.(names[start + index] ?? "") ?? "").replaceAll("`", "");
    const left = columns - width - 6;
    return [
      styled(`${isSelected ? "→ " : "  "}${cell}`, ...(isSelected ? (["cyan", "bold"] as const) : [])),
      ...(help === "" || left < 8
        ? []
        : [styled(`${" ".repeat(width - widthOf(cell) + 2)}${fitColumns(help, left)}`, "dim")]),
    ];
  });
  const more = total - shown.length;
  if (room < most) rows.push([styled(`  … ${more.toLocaleString("en")} more`, "dim")]);
  return rows.flatMap((row, index) => (index === 0 ? row : [styled("\n"), ...row]));
}

/** A path tells more by its end. */
function endOf(path: string, columns: number): string {
  if (widthOf(path) <= columns) return path;
  const characters = [...charactersOf(path)];
  while (widthOf(characters.join("")) >= columns) characters.shift();
  return `…${characters.join("")}`;
}
