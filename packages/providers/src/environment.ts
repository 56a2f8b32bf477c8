import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { UsageError } from "@eightfold/core";

export type Environment = Readonly<Record<string, string | undefined>>;

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
    return parseEnv(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return {};
    throw new UsageError(`The file .env at the root of the repository cannot be read (${code}).`);
  }
}

/** EIGHTFOLD_CONTEXT. @throws UsageError for what is no number of tokens */
export function tokensWanted(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value) && Number(value) >= 1000) return Number(value);
  const example = "a number of tokens from 1000 on, such as 16000";
  throw new UsageError(`EIGHTFOLD_CONTEXT is ${example}, and not "${value}".`);
}

/** A key that is no legal header would be quoted, whole, in the error that fetch throws. */
export function isLegalKey(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}
