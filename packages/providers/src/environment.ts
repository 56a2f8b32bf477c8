import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { UsageError } from "@eightfold/core";

export type Environment = Readonly<Record<string, string | undefined>> & {
  /** What requests go to instead of the network. */
  readonly [NETWORK]?: typeof globalThis.fetch;
};

export const NETWORK: unique symbol = Symbol("network");

/**
 * The environment over the `.env` file of the repository. Values are trimmed, and a blank one counts as not set:
 * `OPENAI_API_KEY= pnpm phase 1 start` runs without the key that `.env` holds. `process.env` stays untouched, so
 * that no key of the file reaches the commands which an agent runs.
 */
export function readEnvironment(file = new URL("../../../.env", import.meta.url)): Environment {
  const merged = Object.entries({ ...readDotEnv(file), ...process.env });
  return Object.fromEntries(merged.map(([name, value]) => [name, value?.trim() || undefined]));
}

function readDotEnv(file: URL): NodeJS.Dict<string> {
  try {
    return parseDotEnv(textIn(readFileSync(file)));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return {};
    throw new UsageError(`The file .env at the root of the repository cannot be read (${code}).`);
  }
}

/** UTF-8, or the UTF-16 that PowerShell writes: its mark at the beginning tells, else the zeros of Latin letters. */
function textIn(bytes: Buffer): string {
  const [first, second] = bytes;
  const isBigEndian = (first === 0xfe && second === 0xff) || first === 0;
  if (isBigEndian) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder((first === 0xff && second === 0xfe) || second === 0 ? "utf-16le" : "utf-8").decode(
    bytes,
  );
}

/** `KEY=value`, and the same as shells and YAML write it. @throws UsageError for a text without any of them */
function parseDotEnv(text: string): NodeJS.Dict<string> {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(/^[ \t]*(?:set[ \t]+|\$env:)?(["']?)([A-Za-z_]\w*)[ \t]*=(.*)\1[ \t]*$/gim, "$2=$3")
    .replace(/^[ \t]*([A-Z_][A-Z0-9_]*)[ \t]*:(?!\/\/)[ \t]*(.*)$/gm, "$1=$2");
  const read = Object.entries(parseEnv(lines)).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
  const isEmpty = lines.replace(/^[ \t]*#.*$/gm, "").trim() === "";
  if (read.length > 0 || isEmpty) return Object.fromEntries(read);
  throw new UsageError(
    "The file .env at the root of the repository has no line that can be read as a setting. Such a line looks like OPENAI_API_KEY=sk-….",
  );
}

/** A number of tokens, where the variable is set. @throws UsageError for anything else, and for fewer than the least */
export function tokensIn(env: Environment, variable: string, least = 1): number | undefined {
  const value = env[variable];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value) && Number(value) >= least) return Number(value);
  const example = `a number of tokens, ${least > 1 ? `${least} or more, such as 16000` : "such as 65536"}`;
  throw new UsageError(`${variable} is "${value}", but must be ${example}.`);
}

/** A key that is no legal header would be quoted, whole, in the error that fetch throws. @throws UsageError */
export function keyIn(env: Environment, variable: string): string | undefined {
  const key = env[variable];
  if (!key || /^[\x21-\x7e]+$/.test(key)) return key;
  throw new UsageError(`${variable} holds a space, a line break or a letter that no key has. Copy it again.`);
}

/** For a provider that is asked with a key only. `page` is where one is made. */
export function needsKey(provider: string, variable: string, page: string): UsageError {
  const where = "into the file .env at the root of the repository, or export it.";
  return new UsageError(`${provider} needs an API key. Put ${variable}=… ${where}\n${page} makes one.`);
}

/** The address in a variable, else the usual one. @throws UsageError for what is none, and for a password in it */
export function addressIn(env: Environment, variable: string, usual: string, ending = ""): URL {
  const text = env[variable] ?? usual;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${variable} is "${text}". It must begin with http:// or https://${ending}.`);
  if (!url.username && !url.password) return url;
  const keyVariable = variable.replace(/^(GOOGLE_)?(.*)BASE_URL$/, "$2API_KEY");
  throw new UsageError(`${variable} holds a password. Put the key into ${keyVariable} instead.`);
}
