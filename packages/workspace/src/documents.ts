import { open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode, isMissing } from "./fs-errors.ts";
import { isInside, relativePath, resolvePath, showName } from "./guard.ts";
import { fairShares } from "./list.ts";
import { isSecret } from "./secrets.ts";

/** What a project says of itself, for the system prompt. */
interface ProjectDocument {
  /** Relative to the working folder, with "/" between names. */
  readonly path: string;
  readonly text: string;
  /** What was left out of the text, and why. */
  readonly notice?: string;
}

/** Some 6,000 tokens, in every request of the session: more than most projects say, and little of any context. */
const BUDGET_BYTES = 24_000;

/** What was written for agents goes first, and leaves this share to the rest. */
const ADVICE_BYTES = (BUDGET_BYTES / 4) * 3;

const OTHERS = ["README.md", "package.json", "pyproject.toml"];

/**
 * The documents of a working folder, the nearest last: AGENTS.md of each folder from the repository's root down, then
 * README.md, package.json and pyproject.toml of that root and of the folder. Together they are cut to 24,000 bytes: short ones
 * stay whole, and long ones share the room that is left. A document that is not text, or is a link to a possible secret or to
 * something outside the folder that is no document, comes with a notice instead of its text.
 * @param repository the root of the repository, when the folder is in one
 */
export async function projectDocuments(folder: string, repository = folder): Promise<ProjectDocument[]> {
  const folders = foldersDown(repository, folder);
  const inAll = (name: string) => folders.map((each) => join(each, name));
  const ends = folders.filter((each) => each === repository || each === folder);
  const manifests = ends.flatMap((each) => OTHERS.map((name) => join(each, name)));
  const known = [...inAll("AGENTS.md"), ...inAll("CLAUDE.md"), ...manifests];
  const mayRead = (real: string) => isInside(folder, real) || known.includes(real);
  const paths = [...inAll("AGENTS.md"), ...manifests];
  const all = await Promise.all(paths.map((path) => find(path, repository, mayRead)));
  // A file of two names is shown once, under the first.
  const found = all.flatMap((each, at) =>
    each && all.findIndex((other) => other?.id === each.id) === at ? [each] : [],
  );
  const sizes = found.map(({ size }) => size);
  const advice = found.filter(({ path }) => basename(path) === "AGENTS.md").length;
  const adviceShares = fairShares(sizes.slice(0, advice), ADVICE_BYTES);
  const left = BUDGET_BYTES - adviceShares.reduce((sum, share) => sum + share, 0);
  const shares = [...adviceShares, ...fairShares(sizes.slice(advice), left)];
  const documents = await Promise.all(
    found.map((each, index) => readDocument(each, folder, shares[index] ?? 0)),
  );
  return documents.filter(({ text, notice }) => text !== "" || notice !== undefined);
}

/** The folders from one down to another inside it, both included. */
function foldersDown(from: string, to: string): string[] {
  if (from === to || !isInside(from, to)) return [to];
  return [...foldersDown(from, dirname(to)), to];
}

/** A file, or why there is none to be read. */
interface Found {
  readonly path: string;
  /** Where it is, with no link in the path. */
  readonly real: string;
  /** The same for each of its names. */
  readonly id: string;
  readonly size: number;
  readonly refusal?: string;
}

/** Undefined when there is no such file. A pipe or a device is not opened: reading it may never end. */
async function find(path: string, repository: string, mayRead: (real: string) => boolean) {
  const refused = (refusal: string) => ({ path, real: path, id: path, size: 0, refusal });
  const place = await resolvePath({ root: repository, lastRead: new Map() }, path).catch(() => undefined);
  if (!place || !mayRead(place.absolute)) return refused("it leads out of the project, or to nothing");
  const { absolute: real } = place;
  if (isSecret(relativePath(repository, real))) return refused("it may hold secrets");
  try {
    const stats = await stat(real);
    const id = `${stats.dev} ${stats.ino}`;
    return stats.isFile() ? { path, real, id, size: stats.size } : undefined;
  } catch (error) {
    return isMissing(error) ? undefined : refused(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  const noText = code === undefined || code === "ERR_ENCODING_INVALID_ENCODED_DATA"; // a TextDecoder's
  return noText ? "it is not UTF-8 text" : `it cannot be read (${code})`;
}

async function readDocument(found: Found, folder: string, limit: number): Promise<ProjectDocument> {
  const path = showName(relativePath(folder, found.path));
  const leftOut = (reason: string) => ({ path, text: "", notice: `[left out: ${reason}]` });
  if (found.refusal !== undefined) return leftOut(found.refusal);
  try {
    const left = found.size - limit;
    const text = await readStart(found.real, Math.min(found.size, limit), left > 0);
    if (left <= 0 || text === "") return { path, text };
    const rest = path.startsWith("..") ? "" : "; read_file shows the rest";
    return { path, text, notice: `[cut here: ${left} of ${found.size} bytes left out${rest}]` };
  } catch (error) {
    return leftOut(reasonOf(error));
  }
}

/** The first bytes of a file as text. If the file is cut there, they end with a whole character. Throws when they are not text. */
async function readStart(path: string, bytes: number, isCut: boolean): Promise<string> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const text = decoder.decode(buffer.subarray(0, bytesRead), { stream: isCut }).trimEnd();
    if (text.includes("\0")) throw new Error("NUL is no text");
    return text;
  } finally {
    await file.close();
  }
}
