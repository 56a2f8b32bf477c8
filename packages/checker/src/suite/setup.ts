/** How an agent that others wrote is started: from `--agent`, and from `eightfold-check.json` beside it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isRole, type Role, roles } from "./roles.ts";

export const SETTINGS_FILE = "eightfold-check.json";

/** A tool of the agent as its author maps it: its name, and what its arguments are called. */
export interface ToolMap {
  readonly name: string;
  /** Our word for an argument ("path", "old", "new", "content", "command", "pattern") to the tool's. */
  readonly arguments?: Readonly<Record<string, string>>;
}

export interface Setup {
  /** A shell command. The request is its last argument, or stands where it says `{request}`. */
  readonly oneShot: string;
  /** A shell command that takes the request from stdin. */
  readonly piped?: string;
  /** A shell command that converses in a terminal. */
  readonly conversation?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Files of a home folder of its own, where `$CHECK_URL`, `$CHECK_KEY` and `$CHECK_MODEL` are filled in. */
  readonly home?: Readonly<Record<string, string>>;
  readonly tools: Readonly<Partial<Record<Role, ToolMap>>>;
}

/** What is wrong with the command line or with the settings, and what to do about it. */
export class SetupError extends Error {}

/**
 * @param folder where the user is: words of a command that name files there are made absolute, since the agent
 *   starts in a workspace of its own
 */
export function readSetup(agent: string | undefined, folder: string): Setup {
  const { oneShot = agent, piped, conversation, ...rest } = readSettings(folder);
  const command = agent ?? oneShot;
  if (command === undefined || command.trim() === "") {
    throw new SetupError('No agent is named. Say which: pnpm check --agent "python3 mine.py"');
  }
  return {
    ...rest,
    oneShot: fromFolder(command, folder),
    ...(piped !== undefined && { piped: fromFolder(piped, folder) }),
    ...(conversation !== undefined && { conversation: fromFolder(conversation, folder) }),
  };
}

type Settings = Omit<Setup, "oneShot"> & { readonly oneShot?: string };

function readSettings(folder: string): Settings {
  const file = join(folder, SETTINGS_FILE);
  if (!existsSync(file)) return { env: {}, tools: {} };
  const wrong = (what: string) => new SetupError(`${file}: ${what} See pnpm check --contract.`);
  let settings: unknown;
  try {
    settings = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw wrong(`it cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
  if (!isRecord(settings)) throw wrong("it must be an object.");
  const known = ["oneShot", "piped", "conversation", "env", "home", "tools"];
  const unknown = Object.keys(settings).find((key) => !known.includes(key));
  if (unknown) throw wrong(`there is no setting "${unknown}". The settings are ${known.join(", ")}.`);
  for (const key of ["oneShot", "piped", "conversation"]) {
    if (settings[key] !== undefined && typeof settings[key] !== "string")
      throw wrong(`"${key}" must be a command, as a string.`);
  }
  for (const key of ["env", "home"]) {
    if (settings[key] !== undefined && !isTexts(settings[key]))
      throw wrong(`"${key}" must be an object of strings.`);
  }
  const tools = settings.tools ?? {};
  if (!isRecord(tools)) throw wrong(`"tools" must be an object, such as {"read": {"name": "view"}}.`);
  for (const [role, map] of Object.entries(tools)) {
    if (!isRole(role)) throw wrong(`"tools" has no "${role}". It has ${roles.join(", ")}.`);
    if (!isRecord(map) || typeof map.name !== "string") throw wrong(`"tools.${role}" needs a "name".`);
    if (map.arguments !== undefined && !isTexts(map.arguments))
      throw wrong(`"tools.${role}.arguments" must be an object of strings.`);
  }
  return { env: {}, ...settings, tools } as Settings;
}

/** A word that can only be meant as a file. */
const SCRIPT = /^[\w./-]+\.(?:py|go|m?[jt]s|sh|rb|pl|php|lua|jar)$/;

/** Makes the words of a shell command absolute that name a file in this folder. */
export function fromFolder(command: string, folder: string): string {
  return command.replaceAll(/'[^']*'|"[^"]*"|[^\s'"]+/g, (word) => {
    const bare = word.replaceAll(/^['"]|['"]$/g, "");
    const path = resolve(folder, bare);
    const isHere =
      bare !== "" && !/^[-/$~]/.test(bare) && /[./]/.test(bare) && statSync(path, { throwIfNoEntry: false });
    if (!isHere && SCRIPT.test(bare) && !bare.startsWith("-") && !existsSync(path))
      throw new SetupError(`There is no file ${bare} in ${folder}.`);
    return isHere ? quoted(path) : word;
  });
}

/** As one word for a shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function isTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
