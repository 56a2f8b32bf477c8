import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { byCodePoint, type Workspace } from "@eightfold/workspace";
import { checkPath, type Folders } from "./paths.ts";
import { Unproved, type Word } from "./tokens.ts";

const MAX_NAMES = 1000;
const MAX_STARS = 3;

/**
 * The names that a pattern stands for now, as the shell would find them; the pattern itself when there are none.
 * They are found before the command is judged, so each of them is judged like a word that was written.
 */
export async function namesOf({ text, pattern }: Word, at: Folders, workspace: Workspace): Promise<string[]> {
  if (pattern === undefined) return [text];
  if (at.length > 1) throw new Unproved(`what ${text} stands for depends on a cd`);
  if (pattern.startsWith("/")) throw new Unproved(`${text} leaves the workspace`);
  let found = [""];
  for (const part of pattern.split("/")) {
    const next = found.map((path) => matches(path, part, at, workspace));
    found = (await Promise.all(next)).flat();
    if (found.length > MAX_NAMES) throw new Unproved(`${text} stands for more than ${MAX_NAMES} names`);
  }
  return found.length === 0 ? [text] : found.sort(byCodePoint);
}

/** The paths that one part of a pattern, such as `*.ts`, leads to from a path. */
async function matches(path: string, part: string, at: Folders, workspace: Workspace): Promise<string[]> {
  const below = path === "" ? "" : `${path}/`;
  if (part === "") return [path];
  const wanted = expressionOf(part);
  const isHidden = /^\\?\./.test(part);
  const names = (await namesIn(below || ".", at, workspace)).filter(
    (name) => isHidden || !name.startsWith("."),
  );
  return names.filter((name) => wanted.test(name)).map((name) => below + name);
}

async function namesIn(path: string, at: Folders, workspace: Workspace): Promise<string[]> {
  const [folder = ""] = await checkPath("a pattern in", path, at, workspace);
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return [".", "..", ...entries.map(({ name }) => name)];
}

/** @throws Unproved for a bracket with classes or escapes in it, whose rules depend on the language */
function expressionOf(part: string): RegExp {
  // A pattern with many stars may take for ever.
  if ((part.match(/\*+/g)?.length ?? 0) > MAX_STARS) throw new Unproved(`${part} is not a plain pattern`);
  const pieces = part.match(/\\[\s\S]|\*+|\?|\[[!^]?[^\]]+\]|[\s\S]/gu) ?? [];
  const sources = pieces.map((piece) => {
    if (piece.startsWith("*")) return "[\\s\\S]*";
    if (piece === "?") return "[\\s\\S]";
    if (!/^\[./su.test(piece)) return piece.replace(/^\\/, "").replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    if (/[\\[&~]/.test(piece.slice(1)))
      throw new Unproved(`${piece} in a pattern is not a plain list of letters`);
    return piece.replace("[!", "[^");
  });
  try {
    return new RegExp(`^${sources.join("")}$`, "u");
  } catch {
    throw new Unproved(`${part} is not a plain pattern`);
  }
}
