import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { applicableChecks, phaseSubject } from "@eightfold/checker";
import { describe, test } from "vitest";

const folder = dirname(import.meta.dirname);
const phase = Number.parseInt(basename(folder), 10);
const phases = readdirSync(join(folder, "..")).filter((name) => /^\d/.test(name));
const dialects = ["responses", "chat", "gemini", "ollama"] as const;

/** The last phase keeps its promises with every provider; those before it, to save time, with one each. */
const tried = phase === phases.length ? dialects : dialects.slice((phase - 1) % 4).slice(0, 1);

describe.concurrent.each(tried)("with a model behind %s", async (dialect) => {
  const subject = await phaseSubject(phase, dialect);
  for (const check of applicableChecks(phase)) test(check.title, () => check.run(subject));
});
