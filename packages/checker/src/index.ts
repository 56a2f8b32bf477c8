export type { Dialect, RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/wire";
export { dialects, startWire } from "@eightfold/wire";
export type { Check, Subject } from "./check.ts";
export { checkCommand } from "./check-command.ts";
export { phaseSubject } from "./phase-subject.ts";
export { promptText, sharedStart } from "./prefix.ts";
export { applicableChecks, type Choice, checks, runChecks, type Verdict } from "./run-checks.ts";
export { carriedTrials, newTrials, type Trial } from "./trials.ts";
