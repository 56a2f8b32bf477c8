import { basename, dirname } from "node:path";
import { applicableChecks, phaseSubject } from "@eightfold/checker";
import { describe, test } from "vitest";

/** This phase's own promises, and those of every phase before it. */
const phase = Number.parseInt(basename(dirname(import.meta.dirname)), 10);

describe.concurrent.each(["responses", "chat"] as const)("with a model behind %s", async (dialect) => {
  const subject = await phaseSubject(phase, dialect);
  for (const check of applicableChecks(phase)) test(check.title, () => check.run(subject));
});
