import type { Dialect } from "@eightfold/wire";
import { type Workbench, withWorkbench } from "./workbench.ts";

/** The agent under check: any program that takes the flags of the book (`--cwd DIR`, a request). */
export interface Subject {
  /** How to start it; the flags and the request are added at the end. */
  readonly command: readonly string[];
  /** The protocol it speaks with its model. */
  readonly dialect: Dialect;
  /** An agent of ours, of which the servers must have no advice. */
  readonly ours?: true;
}

/** One promise that an agent keeps from some phase on. */
export interface Check {
  /** "2.reads-a-file". */
  readonly id: string;
  /** The first phase that it applies to. */
  readonly phase: number;
  /** The first phase that it no longer applies to. */
  readonly until?: { readonly phase: number; readonly reason: string };
  /** It covers something that a reader's own agent does not need: a second attempt, the demo model, pnpm as its launcher. */
  readonly ours?: true;
  readonly title: string;
  /** Throws an Error that says what was expected and what was seen. */
  run(subject: Subject): Promise<void>;
}

/** A check from what it does on a fresh workbench. The id begins with the phase. */
export function check(
  id: string,
  title: string,
  body: (bench: Workbench) => Promise<void>,
  limits: Pick<Check, "until" | "ours"> = {},
): Check {
  return {
    id,
    phase: Number.parseInt(id, 10),
    title,
    ...limits,
    run: (subject) => withWorkbench(subject, body),
  };
}
