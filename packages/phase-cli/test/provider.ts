import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { checkProvider } from "../src/check-provider/command.ts";

/** A file with this text, until the test is over. */
export function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "eightfold-provider-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "mine.ts");
  writeFileSync(file, text);
  return file;
}

/** The exit code, what is printed, and the checks that failed. */
export async function check(file: string) {
  const lines: string[] = [];
  const code = await checkProvider([file], (text) => lines.push(text));
  const printed = lines.join("");
  return { code, printed, failed: [...printed.matchAll(/^FAILED {2}(\S+)/gm)].map(([, id]) => id) };
}
