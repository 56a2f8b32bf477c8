import { findPhases, repoRoot, undeclared } from "@eightfold/phase-cli";
import { expect, test } from "vitest";

const phases = findPhases(repoRoot);

test("phases are numbered from 1 without a gap", () => {
  expect(phases.map(({ number }) => number)).toEqual(phases.map((_, index) => index + 1));
});

test.for(phases.map((phase, index) => ({ name: phase.name, phase, before: phases[index - 1] })))(
  "$name is what it declares: each file new, changed, or carried byte by byte",
  ({ phase, before }) => {
    expect(undeclared(before, phase)).toEqual([]);
  },
);
