import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { holdsSecrets, homeFolder, isInside, isSecret, relativePath, stateHome } from "@eightfold/workspace";

/** Where the system keeps its programs. */
export const SYSTEM = "/bin /sbin /lib /lib32 /lib64 /usr /opt /nix/store /run/current-system".split(" ");

export const OUTSIDE = "call again with outside: true, and the user is asked.";

/** False for what the user may not look at: commands in the box run as the same user. */
export const isFolder = (path: string) => tried(() => statSync(path).isDirectory()) ?? false;

/** Bubblewrap takes 3 ms for 20 files that are hidden, 24 for 100 and 300 for 500. */
const MOST_AT_HOME = 50;
const MOST = 500;

/**
 * The secrets of a home as it is now, down to those of a project in a folder of projects; all of it when they are too many. In a
 * container the home may be missing, or be the whole disk.
 */
export function secretsAtHome(): readonly string[] {
  const folder = tried(() => realpathSync(homeFolder())) ?? "";
  if (folder === "" || folder === realpathSync(tmpdir())) return [];
  const isDisk = folder === dirname(folder);
  const found = [...secretsBelow(folder, () => false, isDisk ? 2 : 3)].filter(isOnDisk);
  return found.length > MOST_AT_HOME && !isDisk ? [folder] : found;
}

/**
 * The sockets that are open on the disk, outside `/run` and `/tmp`, which the box has to itself. The service behind a socket may do
 * anything as root (docker, lxd), and a read-only mount does not stop anyone from writing to it. Those that were mounted, as an
 * agent's is in a container, are on no list of what listens here.
 * @param root only the sockets in this folder
 */
export function socketsOnDisk(root?: string): string[] {
  const named = matchesIn("/proc/net/unix", /^(?:\S+ +){7}([^@\s].*)$/gm);
  const mounted = matchesIn("/proc/self/mountinfo", /^(?:\S+ ){4}(\S+)/gm);
  const paths = named.flatMap((name) =>
    isAbsolute(name) ? name : foldersInUse().map((folder) => join(folder, name)),
  );
  const real = [...paths, ...mounted].map((path) => tried(() => realpathSync(path)) ?? "");
  const isMeant = (path: string) => (root === undefined ? isOnDisk(path) : isInside(root, path));
  const isSocket = (path: string) => tried(() => statSync(path).isSocket()) ?? false;
  return [...new Set(real)].filter((path) => isMeant(path) && isSocket(path) && isReached(path));
}

const matchesIn = (file: string, what: RegExp) =>
  Array.from((tried(() => readFileSync(file, "utf8")) ?? "").matchAll(what), ([, name = ""]) => name);

/** Where processes are: a socket may have been given a name that counts from there. */
function foldersInUse(): string[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return [...new Set(processes.flatMap((id) => tried(() => readlinkSync(`/proc/${id}/cwd`)) ?? []))];
}

/** Among the users of a box root has no rights over what others have, and where it may not go, bubblewrap would not start. */
function isReached(path: string): boolean {
  const folder = dirname(path);
  const { uid, mode } = statSync(folder);
  const isOpen = process.geteuid?.() !== 0 || uid === 0 || (mode & 1) === 1;
  return isOpen && (folder === path || isReached(folder));
}

/**
 * The secrets of a workspace: not those that are in git as they are, where anyone can read them. If one of those were
 * hidden, git would see a change, and commit it.
 */
export async function secretsOf(root: string): Promise<string[]> {
  const index = (await bytesOf(join(root, ".git/index"))) ?? Buffer.alloc(0);
  const mayBeTracked = (folder: string) => index[7] === 4 || index.includes(`${relativePath(root, folder)}/`);
  // A socket may also be in node_modules, which is not searched for secrets.
  const found = socketsOnDisk(root);
  for (const path of new Set(secretsBelow(root, mayBeTracked))) {
    if (index.length === 0 || !(await isInIndex(index, root, path))) found.push(path);
    if (found.length > MOST)
      throw new Error(`There are too many secrets in ${root} to hide them all in a box. ${OUTSIDE}`);
  }
  return isFolder(stateHome()) ? [...found, stateHome()] : found;
}

/** Undefined for what is not a file: to read a pipe would never end. */
async function bytesOf(path: string): Promise<Buffer | undefined> {
  return tried(() => statSync(path).isFile()) ? readFile(path).catch(() => undefined) : undefined;
}

/** https://git-scm.com/docs/index-format: the hash of the content, then the length of the name, then the name. */
async function isInIndex(index: Buffer, root: string, path: string): Promise<boolean> {
  const content = await bytesOf(path);
  if (content === undefined) return false;
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest();
  const name = Buffer.from(relativePath(root, path));
  return index.includes(Buffer.concat([hash, Buffer.of(name.length >> 8, name.length), name, Buffer.of(0)]));
}

/** What comes from a registry holds no secrets of the user's, and git's own files are the gate's to judge. */
const NOT_LOOKED_INTO = new Set(["node_modules", "site-packages", ".git"]);

/** Real paths of what may hold secrets, and of what leads to another process. Links to nothing are left out. */
function* secretsBelow(
  top: string,
  isOpened: (folder: string) => boolean,
  depth = 64,
  folder = top,
): Generator<string> {
  // A link to the system's own programs would take them away, and one to git's own files those.
  const places = [...SYSTEM.filter((place) => !isInside(place, top)), join(top, ".git")];
  const entries = tried(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  for (const entry of entries.filter(({ name }) => !NOT_LOOKED_INTO.has(name))) {
    const path = join(folder, entry.name);
    const real = entry.isSymbolicLink() ? tried(() => realpathSync(path)) : path;
    if (real === undefined || places.some((place) => isInside(place, real))) continue;
    const isFolder = entry.isDirectory();
    const isOther = !isFolder && !entry.isFile() && !entry.isSymbolicLink();
    const isHidden = isOther || isSecret(relativePath(top, path)) || (real !== path && isSecret(real));
    if (isHidden && !(isFolder && isOpened(path))) yield real;
    else if (isFolder && (depth > 1 || holdsSecrets(path)))
      yield* secretsBelow(top, isOpened, depth - 1, path);
  }
}

const isOnDisk = (path: string) => !/^\/(?:dev|proc|run|sys|tmp)\//.test(path);

/** Undefined for what is gone or may not be read: nothing in the box may read it either. */
export function tried<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
