import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { applicableChecks, type Check, phaseSubject } from "@eightfold/checker";
import { describe, test } from "vitest";

const folder = dirname(import.meta.dirname);
const phase = Number.parseInt(basename(folder), 10);
const last = readdirSync(join(folder, "..")).filter((name) => /^\d/.test(name)).length;
const dialects = ["responses", "chat", "gemini", "ollama"] as const;

/** Each phase has a provider of its own, in turn. */
const dialectOf = (each: number) => dialects[(each - 1) % dialects.length];

/** The last phase also tries the checks of those before it with the providers that none of them has had. */
function isTried(check: Check, dialect: (typeof dialects)[number]): boolean {
  if (dialect === dialectOf(phase)) return true;
  const since = Array.from({ length: last - check.phase }, (_, index) => dialectOf(check.phase + index));
  return phase === last && check.phase < last && !since.includes(dialect);
}

for (const dialect of dialects) {
  const checks = applicableChecks(phase).filter((check) => isTried(check, dialect));
  describe.runIf(checks.length > 0).concurrent(`with a model behind ${dialect}`, () => {
    const subject = phaseSubject(phase, dialect);
    for (const check of checks) test(check.title, async () => check.run(await subject));
  });
}
