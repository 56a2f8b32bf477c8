import { basename, dirname } from "node:path";
import { newTrials, phaseSubject } from "@eightfold/checker";
import { test } from "vitest";

const phase = Number.parseInt(basename(dirname(import.meta.dirname)), 10);

for (const { check, dialect } of newTrials(phase)) {
  test.concurrent(`${dialect}: ${check.title}`, async () => check.run(await phaseSubject(phase, dialect)));
}
