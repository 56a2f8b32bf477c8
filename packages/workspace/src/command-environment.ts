import { delimiter, dirname, isAbsolute, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isInside } from "./guard.ts";

const REPO = fileURLToPath(new URL("../../../", import.meta.url));

/** Nobody is there to answer a question, to turn a page or to see a colour. */
const QUIET = {
  ...{ PAGER: "cat", GIT_PAGER: "cat", MANPAGER: "cat", SYSTEMD_PAGER: "cat" },
  ...{ EDITOR: "true", VISUAL: "true", GIT_EDITOR: "true", GIT_SEQUENCE_EDITOR: "true" },
  ...{ GIT_TERMINAL_PROMPT: "0", GCM_INTERACTIVE: "never", SSH_ASKPASS_REQUIRE: "never" },
  ...{ DEBIAN_FRONTEND: "noninteractive", COREPACK_ENABLE_DOWNLOAD_PROMPT: "0", PIP_NO_INPUT: "1" },
  ...{ TERM: "dumb", NO_COLOR: "1" },
};

/** Names of variables that are not the user's; `*` stands for anything. */
const NOT_USERS = [
  // Beside NO_COLOR, Node warns about these on every start.
  "FORCE_COLOR CLICOLOR_FORCE",
  // A command has no business with the agent's keys and settings.
  "EIGHTFOLD_* OPENAI_* ANTHROPIC_* GEMINI_* GOOGLE_API_KEY GOOGLE_GEMINI_BASE_URL GOOGLE_GENAI_* OLLAMA_API_KEY OLLAMA_CONTEXT",
  // What npm, pnpm, corepack and turbo tell a script of ours about itself. Their users' own settings and tokens stay:
  // PNPM_HOME, NPM_TOKEN, NPM_CONFIG_REGISTRY, COREPACK_HOME, TURBO_TOKEN.
  "npm_command npm_execpath npm_lifecycle_* npm_node_execpath npm_package_* npm_config_node_gyp npm_config_user_agent",
  "pnpm_* PNPM_SCRIPT_SRC_DIR PNPM_PACKAGE_NAME INIT_CWD COREPACK_ROOT TURBO_HASH TURBO_INVOCATION_DIR TURBO_IS_TUI",
].join(" ");
const notUsers = new RegExp(`^(?:${NOT_USERS.replaceAll(" ", "|").replaceAll("*", ".*")})$`);

/**
 * The environment of a command: the user's own, without what we and our launcher added to it, and quiet.
 * @param env the environment this process was given; it is left as it is
 */
export function commandEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => isUsers(name, env));
  const path = own.find(([name]) => name.toUpperCase() === "PATH");
  if (path) path[1] = commandPath(path[1] ?? "");
  return { ...Object.fromEntries(own), ...QUIET };
}

function isUsers(name: string, env: NodeJS.ProcessEnv): boolean {
  if (notUsers.test(name)) return false;
  // npm writes all that its .npmrc files say into npm_config_*, where it would overrule those of the project.
  if (name === "COLOR" || name.startsWith("npm_config_")) return env.npm_config_npm_version === undefined;
  if (name === "NODE") return env.NODE !== env.npm_node_execpath;
  if (name === "NODE_COMPILE_CACHE") return !isInside(REPO, env.NODE_COMPILE_CACHE ?? "");
  return true;
}

/** The user's PATH. Our own Node comes last: it serves where there is no other, and hides none. */
function commandPath(path: string): string {
  const own = path.split(delimiter).filter((folder) => !isLaunchers(folder));
  const node = dirname(process.execPath);
  return (own.includes(node) ? own : [...own, node]).join(delimiter);
}

/** Whether a launcher put the folder on PATH: programs of this repository, or of a package that npx fetched. */
function isLaunchers(folder: string): boolean {
  if (!isAbsolute(folder)) return false;
  const parts = folder.split(sep).filter((part) => part !== "");
  if (isInside(REPO, folder)) return parts.includes("node_modules");
  if (parts.at(-1) === "node-gyp-bin") return true;
  if (parts.slice(-2).join("/") !== "node_modules/.bin") return false;
  return parts.includes("_npx") || parts.includes("dlx") || isInside(resolve(folder, "../.."), REPO);
}
