import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import { type CommandBox, processState } from "@eightfold/core";
import { fsReason, homeFolder, isInside, leadsOutside, stateFolder, stateHome } from "@eightfold/workspace";
import type { AskUser, Reach } from "./box.ts";
import { filterOf } from "./box-filter.ts";
import { isFolder, OUTSIDE, SYSTEM, secretsAtHome, secretsOf, socketsOnDisk, tried } from "./box-secrets.ts";
import { foundPrograms } from "./find-program.ts";

/**
 * The box of one command.
 * @param start bubblewrap and its options, except for what is to be seen in it
 * @param ask asks the user whether a command that fails for the box may run outside
 */
export function commandBox(root: string, start: readonly string[], reach: Reach, ask?: AskUser): CommandBox {
  const isOnline = start.includes("--share-net");
  const git = join(root, ".git");
  const steering = ["commondir", "config.worktree"].map((name) => join(git, name));
  let missing: string[] = [];
  let secrets: string[] = [];
  return {
    async enclose(words, env) {
      // Where .git is not a folder, a command could make it a link to another repository, whose files would be deleted below.
      missing = isFolder(git) && !isLink(git) ? steering.filter((path) => !existsSync(path)) : [];
      const scratch = await scratchFolder();
      const mounts =
        reach === "read" ? await readMounts(root, env) : await writeMounts(root, env, isOnline, scratch);
      secrets = await secretsOf(root);
      const opened = start.includes("--seccomp") ? opening(scratch) : [];
      const hidden = [...hiding(secrets, scratch), ...keptOutput(root, words)];
      return {
        words: [...opened, ...start, ...mounts, ...hidden, "--chdir", root, "--", ...words],
        env: { ...CACHE, ...withoutKeys(env), TMPDIR: "/tmp", ...(!isOnline && OFFLINE) },
      };
    },
    // A command that makes such a file would tell git where to look for its configuration.
    ended: async () => void (await Promise.allSettled(missing.map((path) => rm(path, { force: true })))),
    async failed(stdout, stderr) {
      // What a command prints that only reads is text of the project's, and that may say anything.
      const output = reach === "read" ? stderr : `${stderr}\n${stdout}`;
      const said = refusalIn(output, [...secrets, ...(reach === "write" ? secretsAtHome() : [])]);
      if (said === undefined) return undefined;
      const asked = await ask?.(`it failed in the box, and perhaps because of it: ${said}`);
      if (asked && asked.type !== "no")
        return { note: "[It failed in a box. This is what it did outside.]", mayLeave: true };
      const network = isOnline ? "with the network" : "without network";
      const where =
        reach === "read" ? "It reads the workspace" : "It writes in the workspace, not to .git/config";
      const no = `The user did not let it run outside${asked?.why ? `: ${asked.why}` : ""}.`;
      const note = `[This ran in a box, ${network}. ${where}, and sees no secrets. ${asked ? no : `If that is why it failed: ${OUTSIDE}`}]`;
      return { note, mayLeave: false };
    },
  };
}

/** The kept output that a command names: output that was too long to show. The rest may be that of other sessions. */
function keptOutput(root: string, words: readonly string[]): string[] {
  const folder = join(stateFolder(root), "output");
  const command = words.join(" ");
  if (!command.includes(folder)) return [];
  const files = (tried(() => readdirSync(folder)) ?? []).map((name) => join(folder, name));
  return files.filter((file) => command.includes(file)).flatMap(see);
}

/** Bubblewrap reads its filter from an open file, and a shell opens it. */
const opening = (scratch: string) => ["/bin/sh", "-c", 'exec "$@" 3<"$0"', join(scratch, FILTER)];

/** What programs print when a box is in their way, in the words of libc, Node, git, curl, pip and docker. */
const REFUSED =
  /^bwrap:|read-?only (?:file ?system|database)|EROFS|not permitted|EPERM|resource busy|EBUSY|(?:connection|network is|host is) (?:refused|unreachable)|ECONNREFUSED|ENETUNREACH|ENOTFOUND|EAI_AGAIN|(?:not|couldn't|cannot|unable to|failed to|failure in|failure) (?:\S+ )?resolv|service not known|docker daemon/i;
/** A line with this, too, when it names a file that the box hides. */
const DENIED = /permission denied|EACCES/i;

/** The line of an output from which it seems that the box was in the way. */
function refusalIn(output: string, hidden: readonly string[]): string | undefined {
  const names = hidden.map((path) => basename(path));
  const isRefusal = (line: string) =>
    REFUSED.test(line) || (DENIED.test(line) && names.some((name) => line.includes(name)));
  return output.split("\n").find(isRefusal)?.trim().slice(0, 200);
}

/** Go builds nothing where it cannot write its cache, which it keeps in the home. */
const CACHE = { GOCACHE: "/tmp/go-build" };

/** With its usual patience npm would wait for more than a minute. */
const OFFLINE = { NPM_CONFIG_FETCH_RETRIES: "0" };

const KEY =
  /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH(?!OR)|COOKIE|WEBHOOK|SESSION|BEARER|JWT|_(?:PAT|PWD|DSN)$/i;
/** A URL with a user in it, a login to a database, or a key itself. */
const PASSWORD = /:\/\/[^/\s]*@|(?:password|pwd|key|secret|token|sig)=|-----BEGIN/i;

/** Without the variables that hold a key, as their name or their value says. */
function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name, value = ""]) => !KEY.test(name) && !PASSWORD.test(value));
  return Object.fromEntries(kept);
}

const bind = (how: string, path: string): string[] => [how, path, path];
/** A folder of another user's is passed over: bubblewrap refuses to start over one that cannot be looked into. */
const see = (path: string): string[] => (existsSync(path) ? bind("--ro-bind-try", path) : []);
const isReadable = (path: string) => tried(() => accessSync(path, constants.R_OK) ?? true) ?? false;
const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
const hiding = (paths: readonly string[], scratch: string): string[] =>
  paths.flatMap((path) => (isFolder(path) ? ["--tmpfs", path] : ["--ro-bind", join(scratch, HIDDEN), path]));

const KERNEL = ["--proc", "/proc", "--dev", "/dev"];
const ETC = /^(?:passwd|group|hosts|nsswitch\.conf|ld\.so\.cache|alternatives|localtime|gitconfig|java.*)$/;
const OF_PROGRAMS = ["bin", "lib", "libexec", "Cellar", "opt"];

/** Where the programs on PATH are, and what they need beside them. */
function programPlaces({ PATH = "" }: NodeJS.ProcessEnv): string[] {
  const folders = PATH.split(delimiter).filter(
    (path) => isAbsolute(path) && !/^(?:\/usr)?\/s?bin$/.test(path),
  );
  return folders.flatMap((path) => [path, ...OF_PROGRAMS.map((name) => join(dirname(path), name))]);
}

/** The workspace, the system's programs, and those that were installed elsewhere. */
async function readMounts(root: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const settings = [".gitconfig", ".config/git/config"].map((name) => join(homeFolder(), name));
  return [
    ...SYSTEM.flatMap((path) => (isLink(path) ? ["--symlink", readlinkSync(path), path] : see(path))),
    ...readdirSync("/etc").flatMap((name) => (ETC.test(name) ? see(join("/etc", name)) : [])),
    ...[...KERNEL, "--tmpfs", "/tmp"],
    ...[...new Set([...programPlaces(env), ...settings, ...(await foundPrograms())])].flatMap(see),
    ...bind("--ro-bind", root),
  ];
}

/**
 * A mount point cannot be renamed. Without one, a command could put a link in the place of its own folder below /tmp, and the mounts
 * of the next command would be made wherever that link leads.
 */
const inUse = (path: string) => (/^\/tmp\/[^/]+/.exec(path) ?? []).flatMap((first) => ["--tmpfs", first]);

/** The whole disk as it is, to read, and the workspace to write. */
async function writeMounts(root: string, env: NodeJS.ProcessEnv, isOnline: boolean, scratch: string) {
  const passwords = ["shadow", "shadow-", "gshadow", "gshadow-"].map((name) => join("/etc", name));
  const places = programPlaces(env).filter((path) => /^\/(?:run|tmp)\//.test(path));
  return [
    ...["--ro-bind", "/", "/", ...KERNEL, "--tmpfs", "/run", "--bind", join(scratch, TMP), "/tmp"],
    ...[root, stateHome(), ...places].flatMap(inUse),
    ...["/run/current-system", ...places].flatMap(see),
    // Where names of hosts are looked up is a link into /run.
    ...(isOnline ? see(await realpath("/etc/resolv.conf").catch(() => "/etc/resolv.conf")) : []),
    ...hiding([...secretsAtHome(), ...socketsOnDisk(), ...passwords.filter(isReadable)], scratch),
    ...bind("--bind", root),
    ...(await repositoryMounts(root)),
  ];
}

/** What git runs, and what says where that is, can only be read. In a worktree, so can the whole of its repository. */
async function repositoryMounts(root: string): Promise<string[]> {
  const git = tried(() => realpathSync(join(root, ".git")));
  if (git === undefined || !isInside(root, git)) return []; // a mount of it could show a secret that is hidden there
  if (!isFolder(git)) return see(git);
  const isOwn = git === join(root, ".git") && (await leadsOutside(root)) === undefined;
  if (isOwn) await mkdir(join(git, "hooks"), { recursive: true });
  const steering = ["config", "config.worktree", "hooks", "modules", "worktrees"];
  const real = steering.flatMap((name) => tried(() => realpathSync(join(git, name))) ?? []);
  const steered = real.filter((path) => isInside(root, path)).flatMap(see);
  return [...(isOwn ? bind("--bind", git) : see(git)), ...steered];
}

/** With the process it belongs to: another container, with other processes, may share the temp folder. */
const SCRATCH = `eightfold-box-${tried(() => readlinkSync("/proc/self/ns/pid").replace(/\D/g, "")) ?? ""}-`;

let scratch: Promise<string> | undefined;
/** In it are a file that nobody may read, bubblewrap's filter, and one /tmp for all commands of a session that write. */
const [HIDDEN, FILTER, TMP] = ["hidden", "filter", "tmp"] as const;

function scratchFolder(): Promise<string> {
  removeAbandoned();
  scratch ??= makeScratchFolder().catch((error: unknown) => {
    scratch = undefined; // the next command tries again
    const why = `a temporary folder cannot be made in ${tmpdir()}: ${fsReason(error)}`;
    throw new Error(`No box for this command: ${why}. Ask the user to set TMPDIR right.`);
  });
  return scratch;
}

async function makeScratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${SCRATCH}${process.pid}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await writeFile(join(folder, HIDDEN), "", { mode: 0 });
  await writeFile(join(folder, FILTER), filterOf(process.arch) ?? "");
  await mkdir(join(folder, TMP));
  return folder;
}

/** What was left there by agents that were killed. */
function removeAbandoned(): void {
  if (scratch !== undefined) return;
  for (const name of tried(() => readdirSync(tmpdir())) ?? []) {
    const isOurs = name.startsWith(SCRATCH);
    if (!isOurs || processState(Number.parseInt(name.slice(SCRATCH.length), 10)) !== undefined) continue;
    tried(() => rmSync(join(tmpdir(), name), { recursive: true, force: true }));
  }
}
