import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";

/** What a command did, as far as it matters: programs started, files opened to read, and every change to a file. */
export interface Deeds {
  readonly programs: readonly string[];
  readonly reads: readonly string[];
  /** As strace writes them; the network counts too. */
  readonly writes: readonly string[];
}

const CALLS =
  "execve,openat,open,creat,truncate,ftruncate,connect,?unlink,unlinkat,?rename,renameat,renameat2";
const MORE =
  "?mkdir,mkdirat,?rmdir,?link,linkat,?symlink,symlinkat,?chmod,fchmod,fchmodat,utimensat,mknodat,fallocate";

/**
 * Puts a bash in front of PATH that runs the real one under strace.
 * @returns the PATH, and what tells the deeds of all since the last time; undefined when strace cannot be used here
 */
export async function watchBash(folder: string, path: string) {
  const strace = find("strace", path);
  const bash = find("bash", path);
  const own = ["-f", "--seccomp-bpf"]; // stops at the calls that are watched, and at no other
  if (strace === undefined || spawnSync(strace, [...own, "-o", "/dev/null", "true"]).status !== 0)
    return undefined;
  const logs = join(folder, "logs");
  await mkdir(logs, { recursive: true });
  const options = `${own.join(" ")} -y -s 4096 -e trace=${CALLS},${MORE} -e signal=none`;
  await writeFiles(folder, {
    "bin/bash": `#!/bin/sh\nexec ${strace} ${options} -o "${logs}/$$" ${bash} "$@"\n`,
  });
  await chmod(join(folder, "bin/bash"), 0o755);
  return { path: join(folder, "bin") + delimiter + path, deeds: () => deedsIn(logs) };
}

function find(name: string, path: string): string | undefined {
  const found = spawnSync("sh", ["-c", `command -v ${name}`], { env: { PATH: path }, encoding: "utf8" });
  return found.stdout.trim() || undefined;
}

async function deedsIn(logs: string): Promise<Deeds> {
  const deeds = { programs: [] as string[], reads: [] as string[], writes: [] as string[] };
  for (const name of await readdir(logs)) {
    for (const line of (await readFile(join(logs, name), "utf8")).split("\n")) note(line, deeds);
  }
  return {
    ...deeds,
    programs: await Promise.all(deeds.programs.map((path) => realpath(path).catch(() => path))),
  };
}

/** A line of strace: `123 openat(AT_FDCWD</tmp>, "a", O_RDONLY) = 3</tmp/a>`. */
function note(line: string, deeds: { programs: string[]; reads: string[]; writes: string[] }): void {
  const [, call, rest = ""] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
  if (call === undefined || / = -1 E/.test(rest)) return;
  if (call === "execve") deeds.programs.push(/^"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? rest);
  else if (/^open(at)?$/.test(call) && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(rest)) {
    deeds.reads.push(/ = \d+<(.*)>$/.exec(rest)?.[1] ?? rest);
  } else if (!/"\/dev\/(null|tty|fd\/\d+)"|AF_UNIX/.test(rest)) deeds.writes.push(line);
}
