import { once } from "node:events";
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type PreparedCall, UsageError } from "@eightfold/core";
import { programFolders } from "@eightfold/shell";
import { isInside, type Workspace } from "@eightfold/workspace";
import { filterOf } from "./box-filter.ts";

const choices = ["auto", "off", "require"] as const;
export const boxFlags = [
  { name: "sandbox", choices, text: "a box for commands that nobody approved (default: auto)" },
  { name: "network", text: "let commands in the box use the network" },
] as const;

/** How far a command in the box reaches: it reads the workspace, or writes there too. */
export type Reach = "read" | "write";

/** @param reason why they are asked */
export type AskUser = (reason: string) => Promise<{ readonly type: string; readonly why?: string }>;

export interface Box {
  /** False where there is none, and from the moment when that turns out. */
  readonly isHere: boolean;
  /** For the banner, where there ought to be one. */
  readonly note?: "no box here";
  /** Why there is none after all: it is known soon after the first screen. */
  readonly notice: Promise<string | undefined>;
  /**
   * The same call, whose command will run in the box: as it is where there is none. One that fails for the box runs
   * again outside when the user says so. @param ask asks them; absent where nobody can be asked
   */
  enclose(call: PreparedCall, reach: Reach, ask?: AskUser): Promise<PreparedCall>;
}

/**
 * The box of a workspace: bubblewrap (https://github.com/containers/bubblewrap), on Linux.
 * @throws UsageError when one is required and there is none
 */
export async function openBox(
  { root }: Workspace,
  flags?: { readonly sandbox?: string; readonly network?: string },
): Promise<Box> {
  const { sandbox, network } = flags ?? {};
  const bwrap = findBwrap(root);
  const start = [bwrap ?? "", ...NAMESPACES];
  const known = sandbox === "off" ? "it is off" : reasonAgainst(bwrap);
  const needed = Promise.withResolvers<void>();
  const failure = known === undefined ? tryBox(start, needed.promise) : Promise.resolve(known);
  if (flags === undefined || sandbox === "require") needed.resolve();
  if (sandbox === "require" && (await failure) !== undefined)
    throw new UsageError(`There is no box here: ${await failure}. Start without --sandbox require.`);
  let isHere = known === undefined;
  void failure.then((said) => (isHere &&= said === undefined));
  return {
    get isHere() {
      return isHere;
    },
    ...(known !== undefined && sandbox !== "off" && { note: "no box here" }),
    notice: failure.then((said) => (known === undefined && said ? `No box here: ${said}` : undefined)),
    async enclose(call, reach, ask) {
      const { plan } = call;
      needed.resolve();
      if (plan?.type !== "command" || (await failure) !== undefined) return call;
      const { commandBox } = await import("./box-mounts.ts");
      const online = network === undefined || reach === "read" ? [] : ["--share-net"];
      return { ...call, plan: { ...plan, box: commandBox(root, [...start, ...online], reach, ask) } };
    },
  };
}

/** Processes, network and users of its own. With capabilities, root could take the mounts away again. */
const NAMESPACES = ["--unshare-all", "--unshare-user", "--die-with-parent", "--cap-drop", "ALL"];

function findBwrap(root: string): string | undefined {
  const folders = programFolders(process.env).filter(
    (folder) => isAbsolute(folder) && !isInside(root, folder),
  );
  return folders.map((folder) => join(folder, "bwrap")).find((path) => existsSync(path));
}

function reasonAgainst(bwrap: string | undefined): string | undefined {
  if (process.platform === "linux") return bwrap ? undefined : "bubblewrap is not installed";
  return `${{ darwin: "macOS", win32: "Windows" }[process.platform as string] ?? process.platform} has none yet`;
}

/** Once the first request has been sent, or the prompt is there: what waits for a model or a user costs nobody time. */
const TRIAL_MS = 500;

/** Makes a box: a container, AppArmor or the kernel may forbid it. Before 0.8, bubblewrap cannot forbid namespaces inside. */
async function tryBox(start: string[], needed: Promise<void>): Promise<string | undefined> {
  await Promise.race([needed, pause(TRIAL_MS, undefined, { ref: false })]); // who is done by then goes without
  const { spawn } = await import("node:child_process");
  const [bwrap = "", ...options] = start;
  let failure: string | undefined;
  const filter = filterOf(process.arch);
  const filtered = filter ? ["--seccomp", "3"] : [];
  for (const more of [["--disable-userns", ...filtered], filtered, ["--disable-userns"], []]) {
    const words = [...options, ...more, "--ro-bind", "/", "/", "true"];
    // In a group of its own: one that a Ctrl-C cuts off as it begins leaves a process that holds its output open for ever.
    const trial = spawn(bwrap, words, { detached: true, stdio: ["ignore", "ignore", "pipe", "pipe"] });
    (trial.stdio[3] as Writable).on("error", () => {}).end(filter); // bubblewrap may end before it reads it
    let said = "";
    trial.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    failure = await once(trial, "close").then(
      ([code]) => (code === 0 ? undefined : said.trim() || `bubblewrap ended with exit code ${code}`),
      (error: Error) => error.message,
    );
    if (failure === undefined) return void start.push(...more);
  }
  return failure;
}
