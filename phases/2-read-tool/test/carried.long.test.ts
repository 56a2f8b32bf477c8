import { basename, dirname } from "node:path";
import { longTrials, phaseSubject } from "@eightfold/checker";
import { test } from "vitest";

// What the phases before this one do, it still does.
const phase = Number.parseInt(basename(dirname(import.meta.dirname)), 10);

for (const { check, dialect } of longTrials(phase)) {
  test.concurrent(`${dialect}: ${check.title}`, async () => check.run(await phaseSubject(phase, dialect)));
}
