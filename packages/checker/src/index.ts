export type { Check, Subject } from "./check.ts";
export { checkCommand } from "./check-command.ts";
export { phaseSubject } from "./phase-subject.ts";
export { applicableChecks, type Choice, checks, runChecks, type Verdict } from "./run-checks.ts";
