import type { Check, Subject } from "./check.ts";
import { phase1 } from "./checks/phase-1.ts";
import { commands } from "./checks/phase-1-commands.ts";
import { phase2 } from "./checks/phase-2.ts";
import { limits } from "./checks/phase-2-limits.ts";
import { phase3 } from "./checks/phase-3.ts";
import { phase4 } from "./checks/phase-4.ts";
import { phase5 } from "./checks/phase-5.ts";
import { phase6 } from "./checks/phase-6.ts";
import { phase7 } from "./checks/phase-7.ts";
import { phase8 } from "./checks/phase-8.ts";
import { playground } from "./checks/playground.ts";

export const checks: readonly Check[] = [
  ...phase1,
  ...commands,
  ...phase2,
  ...limits,
  ...phase3,
  ...phase4,
  ...phase5,
  ...phase6,
  ...phase7,
  ...phase8,
  ...playground,
];

/** The checks that an agent of this phase has to pass. */
export function applicableChecks(phase: number): Check[] {
  return checks.filter(
    ({ phase: first, until }) => first <= phase && (until === undefined || phase < until.phase),
  );
}

export interface Choice {
  /** The ids of the only checks to run. */
  readonly only?: readonly string[] | undefined;
  /** False leaves out the checks that are about the agents of this repository only. */
  readonly ours?: boolean;
}

export interface Verdict {
  readonly check: Check;
  readonly outcome: "passed" | "failed";
  /** What was expected and seen, when it failed. */
  readonly message?: string;
}

/** Runs the checks of a phase, one after the other. */
export async function* runChecks(
  phase: number,
  subject: Subject,
  { only, ours = true }: Choice = {},
): AsyncGenerator<Verdict> {
  for (const check of applicableChecks(phase)) {
    if (check.ours && !ours) continue;
    if (only !== undefined && !only.includes(check.id)) continue;
    try {
      await check.run(subject);
      yield { check, outcome: "passed" };
    } catch (error) {
      yield { check, outcome: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  }
}
