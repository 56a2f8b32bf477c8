import { type Dialect, dialects } from "@eightfold/wire";
import type { Check } from "./check.ts";
import { applicableChecks, checks } from "./run-checks.ts";

/** A check of a phase of this repository, with a model behind one of the protocols. */
export interface Trial {
  readonly check: Check;
  readonly dialect: Dialect;
}

const HUNDREDS_OF_REQUESTS = "8.long-session";

const LAST_PHASE = Math.max(...checks.map(({ phase }) => phase));

/** Each phase has a protocol of its own, in turn. */
const dialectOf = (phase: number): Dialect => dialects[(phase - 1) % dialects.length] ?? "chat";

/** What is new in a phase, except for what takes long. */
export function newTrials(phase: number): Trial[] {
  return trialsOf(phase).filter((trial) => isQuick(trial, phase));
}

/**
 * What takes long, and what a phase must still do: the checks of those before it. On the last phase they are tried with
 * each protocol that they have not had on the way.
 */
export function longTrials(phase: number): Trial[] {
  return trialsOf(phase).filter((trial) => !isQuick(trial, phase));
}

const isQuick = ({ check }: Trial, phase: number) =>
  check.phase === phase && check.id !== HUNDREDS_OF_REQUESTS;

function trialsOf(phase: number): Trial[] {
  return applicableChecks(phase).flatMap((check) =>
    dialectsFor(check, phase).map((dialect) => ({ check, dialect })),
  );
}

function dialectsFor(check: Check, phase: number): Dialect[] {
  const own = dialectOf(phase);
  if (phase !== LAST_PHASE || check.phase === LAST_PHASE) return [own];
  const before = Array.from({ length: LAST_PHASE - check.phase }, (_, index) =>
    dialectOf(check.phase + index),
  );
  return [own, ...dialects.filter((dialect) => dialect !== own && !before.includes(dialect))];
}
