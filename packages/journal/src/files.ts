import { readdir, stat } from "node:fs/promises";
import { join, parse } from "node:path";
import { nearest, UsageError } from "@eightfold/core";
import { fsReason, isMissing, stateFolder } from "@eightfold/workspace";

/** A session's file, named by its id. */
export interface JournalFile {
  readonly id: string;
  readonly file: string;
  /** When it was last written. */
  readonly changedAt: Date;
}

const ID = /^\d{8}-\d{6}-[0-9a-z]{6}$/;

/** An id that says when, where the user is: YYYYMMDD-HHMMSS-xxxxxx. */
export function newId(now = new Date()): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  const [day = "", time = ""] = local.replace(/[-:]|\..*/g, "").split("T");
  const digits = Math.floor(Math.random() * 16 ** 6).toString(16); // no secret: crypto takes 5 ms to load
  return `${day}-${time}-${digits.padStart(6, "0")}`;
}

const folderOf = (root: string): string => join(stateFolder(root), "sessions");

export const journalFile = (root: string, id: string): string => join(folderOf(root), `${id}.jsonl`);

/** The sessions of a workspace, the last written first. Those of another user are left out: they could put words into this one's mouth. */
export async function listJournals(root: string): Promise<JournalFile[]> {
  const folder = folderOf(root);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw new UsageError(`The sessions in ${folder} cannot be listed: ${fsReason(error)}.`);
  });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => parse(name));
  const found = names
    .filter(({ name, ext }) => ext === ".jsonl" && ID.test(name))
    .map(async ({ name: id }) => {
      const file = journalFile(root, id);
      const { mtime: changedAt, uid } = await stat(file);
      return { id, file, changedAt, uid };
    });
  const user = process.geteuid?.() ?? 0;
  const files = (await Promise.all(found)).filter(({ uid }) => user === 0 || user === uid);
  return files.sort((a, b) => b.changedAt.getTime() - a.changedAt.getTime() || (a.id < b.id ? 1 : -1));
}

/** That there is none; of those that came with the folder, that they are there and who could tell whose they are. */
export async function noSessionIn(root: string): Promise<string> {
  const folder = join(root, ".eightfold/sessions"); // where the first edition kept them
  const foreign = (await readdir(folder).catch(() => [])).some((name) => name.endsWith(".jsonl"));
  const notice = `No session has been saved in ${root}.`;
  if (!foreign) return notice;
  return `${notice} Sessions in ${folder} are ignored, because a folder may bring them from elsewhere. If they are yours, move them to ${folderOf(root)}.`;
}

/** The session that was asked for, by its id or as "latest". @throws UsageError when there is none */
export async function findJournal(root: string, wanted: string): Promise<JournalFile> {
  const files = await listJournals(root);
  const found = wanted === "latest" ? files[0] : files.find(({ id }) => id === wanted);
  if (found) return found;
  if (files.length === 0) throw new UsageError(await noSessionIn(root));
  const meant = nearest(wanted, ["latest", ...files.map(({ id }) => id)]);
  const what = ID.test(wanted)
    ? `There is no session ${wanted} in ${root}.`
    : `${JSON.stringify(wanted)} is not the id of a session. Ids look like YYYYMMDD-HHMMSS-xxxxxx, and latest means the last session.`;
  throw new UsageError(`${what} ${meant ? `Did you mean ${meant}?` : "--sessions lists them."}`);
}
