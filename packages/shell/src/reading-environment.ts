import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { commandEnvironment, isInside } from "@eightfold/workspace";

/** What programs need to find their way and speak the user's language. All else may change what they do. */
const KEPT = /^(?:HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR)$/;

const FIXED = {
  PAGER: "cat",
  TERM: "dumb",
  NO_COLOR: "1",
  // Git reads the one configuration that was looked at, writes nothing in passing, and fetches nothing.
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "",
  GIT_TERMINAL_PROMPT: "0",
  // A note is a file, and may be any; an object may stand in for another. Nothing can have this name.
  GIT_NOTES_REF: "refs/notes/.",
  GIT_NOTES_DISPLAY_REF: "",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_PAGER: "cat",
  // A go.mod may name the Go to fetch and run.
  GOTOOLCHAIN: "local",
  // An .npmrc may say where logs and copies go, and which are removed.
  npm_config_logs_max: "0",
  npm_config_loglevel: "error",
  npm_config_update_notifier: "false",
} as const;

/**
 * The environment of a command that was proved to read: a fixed one, and of the user's own only what names the
 * user, the language and the folders of programs that lie outside the workspace.
 */
export async function readingEnvironment(env: NodeJS.ProcessEnv, root: string): Promise<NodeJS.ProcessEnv> {
  const kept = Object.entries(env).filter(([name]) => KEPT.test(name));
  const folders = programFolders(env).filter(isAbsolute);
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => root)));
  const outside = folders.filter(
    (folder, index) => !isInside(root, folder) && !isInside(root, real[index] ?? root),
  );
  return {
    ...Object.fromEntries(kept),
    ...FIXED,
    npm_config_cache: join(homedir(), ".npm"),
    PATH: outside.join(delimiter),
  };
}

/** The folders of a command's PATH, as they are written there. */
export function programFolders(env: NodeJS.ProcessEnv): string[] {
  return (commandEnvironment(env).PATH ?? "").split(delimiter);
}
