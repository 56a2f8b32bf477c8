/** A promise that any coding agent keeps, judged by facts: bytes, processes, the next request. */
import type { Dialect } from "@eightfold/wire";
import type { Bench } from "./bench.ts";
import type { Role } from "./roles.ts";

export const stages = ["chat", "read", "explore", "write", "shell"] as const;
export type Stage = (typeof stages)[number];

/** `core` is judged by facts alone; `policy` is what careful agents do besides, and is off unless it is wanted. */
export type Level = "core" | "policy";

export interface AgentCheck {
  /** "write.latin-1": its stage, and what it is about. */
  readonly id: `${Stage}.${string}`;
  readonly level: Level;
  /** What the agent does. At most 70 characters. */
  readonly title: string;
  /** The tools without which there is nothing to check. For `reading`, one that runs commands will do. */
  readonly needs: readonly (Role | "reading")[];
  /** It takes place in a conversation, or with the request on stdin: where the agent's settings offer that. */
  readonly form?: "conversation" | "piped";
  /** The protocols in which it can happen. Default: all. */
  readonly dialects?: readonly Dialect[];
  /** It is about something else than requests which the service accepts. */
  readonly mayBeRefused?: true;
  /** What usually causes a failure, in a sentence; what to do about it, in a few. */
  readonly hint: string;
  readonly more: string;
  /** Throws an Error that says what was expected and what was seen. */
  run(bench: Bench): Promise<void>;
}

export function stageOf({ id }: Pick<AgentCheck, "id">): Stage {
  const [stage] = id.split(".");
  return stages.find((name) => name === stage) ?? "chat";
}

/** Why a check cannot be tried on this agent; undefined when it can. */
export function whyNot(check: AgentCheck, { subject }: Pick<Bench, "subject">): string | undefined {
  if (check.form !== undefined && subject.setup[check.form] === undefined)
    return `no "${check.form}" command in eightfold-check.json`;
  if (check.dialects?.includes(subject.dialect) === false)
    return `it cannot happen with ${subject.dialect}: the service never sends that`;
  const has = (wanted: Role) => subject.tools.some(({ role }) => role === wanted);
  const missing = check.needs.filter((need) =>
    need === "reading" ? !has("read") && !has("shell") : !has(need),
  );
  if (missing.length > 0) return `it offers no tool for: ${missing.join(", ")}`;
  return undefined;
}
