import { access, constants } from "node:fs/promises";
import { posix, win32 } from "node:path";

const GIT_FOR_WINDOWS = "https://git-scm.com/download/win";

/**
 * The shell that runs commands: bash, else sh.
 * @throws on Windows when there is no Git for Windows, whose bash it is there
 */
export async function findBash(env: NodeJS.ProcessEnv): Promise<string> {
  const isWindows = process.platform === "win32";
  for (const path of isWindows ? windowsCandidates(env) : posixCandidates(env)) {
    if (await isExecutable(path)) return path;
  }
  if (isWindows) throw new Error(`No bash was found. Install Git for Windows: ${GIT_FOR_WINDOWS}`);
  return "/bin/sh";
}

/** Where bash may be on Linux, macOS and the like, best first. */
export function posixCandidates(env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? "").split(posix.delimiter).filter(posix.isAbsolute);
  return [...folders, "/bin", "/usr/bin", "/usr/local/bin"].map((folder) => posix.join(folder, "bash"));
}

/**
 * Where Git's bash may be on Windows, best first. The bash of System32 and of WindowsApps is left out: it is
 * WSL's, another system with other files.
 */
export function windowsCandidates(env: NodeJS.ProcessEnv): string[] {
  const path = (env.Path ?? env.PATH ?? "").split(win32.delimiter).filter(win32.isAbsolute);
  const installed = [
    [env.ProgramFiles, "Git"],
    [env["ProgramFiles(x86)"], "Git"],
    [env.LOCALAPPDATA, "Programs", "Git"],
    [env.USERPROFILE, "scoop", "apps", "git", "current"],
  ] as const;
  const roots = [
    ...installed.flatMap(([folder, ...rest]) => (folder ? [win32.join(folder, ...rest)] : [])),
    ...path.filter((folder) => /\\Git\\cmd\\?$/i.test(folder)).map((folder) => win32.dirname(folder)),
  ];
  const own = path.filter((folder) => !/\\(System32|Sysnative|WindowsApps)\\?$/i.test(folder));
  return [
    ...roots.map((root) => win32.join(root, "bin", "bash.exe")),
    ...own.map((folder) => win32.join(folder, "bash.exe")),
  ];
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
