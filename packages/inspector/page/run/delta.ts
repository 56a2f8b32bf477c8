/** What a request has that the one before it in its lane had not, and what it no longer has. */
import { diffArrays } from "diff";
import { type Break, breakOf } from "./break.ts";
import { layoutOf, type Part } from "./parts.ts";

export interface Delta {
  /** The parts with which both requests begin, in the order of a cache. */
  readonly same: readonly Part[];
  /** Further parts of this request that the one before had too. */
  readonly kept: readonly Part[];
  readonly added: readonly Part[];
  readonly changed: readonly Change[];
  readonly dropped: readonly Part[];
  /** Fields beside the prompt: the model, limits. */
  readonly settings: readonly Change[];
  /** Absent when this request begins with the whole prompt of the one before. */
  readonly break?: Break;
}

export interface Change {
  /** Undefined: a setting that was not there. */
  readonly before: Part | undefined;
  readonly after: Part | undefined;
}

/**
 * @param before the body of the request before, or "" for the first of a lane
 * @returns undefined when a body is of no known dialect
 */
export function deltaBetween(before: string, after: string): Delta | undefined {
  const earlier = before === "" ? undefined : layoutOf(before);
  const now = layoutOf(after, earlier)?.parts;
  if (!now || (before !== "" && !earlier)) return undefined;
  const old = earlier?.parts ?? [];
  const [oldPrompt, prompt] = [old.filter(isPrompt), now.filter(isPrompt)];
  const shared = sharedParts(oldPrompt, prompt);
  const rest = { before: oldPrompt.slice(shared), after: prompt.slice(shared) };
  const settings = settingChanges(old, now);
  const found = before === "" ? undefined : breakOf({ ...rest, settings, body: after });
  return { same: prompt.slice(0, shared), ...aligned(rest), settings, ...(found && { break: found }) };
}

const isPrompt = ({ category }: Part) => category !== undefined;

/** How many parts two prompts begin with together. */
export function sharedParts(before: readonly Part[], after: readonly Part[]): number {
  const differs = before.findIndex((part, index) => !isSame(part, after[index]));
  return differs === -1 ? before.length : differs;
}

function isSame(one: Part, other: Part | undefined): boolean {
  return one.text === other?.text && one.role === other.role;
}

/** What was replaced is paired, in order, when it is of the same kind. */
function aligned({ before, after }: { before: readonly Part[]; after: readonly Part[] }) {
  const [kept, added, dropped]: Part[][] = [[], [], []];
  const changed: Change[] = [];
  let gone: Part[] = [];
  for (const { value, added: isNew, removed } of diffArrays([...before], [...after], {
    comparator: isSame,
  })) {
    if (removed) gone = value;
    else if (isNew) {
      const pairs = value.map((part, index) => ({ before: gone[index], after: part }));
      const isPair = (pair: Change) =>
        pair.before?.category === pair.after?.category && pair.before?.role === pair.after?.role;
      changed.push(...pairs.filter(isPair));
      added?.push(...pairs.filter((pair) => !isPair(pair)).map((pair) => pair.after));
      dropped?.push(...gone.filter((part) => !pairs.some((pair) => isPair(pair) && pair.before === part)));
      gone = [];
    } else {
      kept?.push(...value);
      dropped?.push(...gone);
      gone = [];
    }
  }
  return { kept: kept ?? [], added: added ?? [], dropped: [...(dropped ?? []), ...gone], changed };
}

export function settingChanges(before: readonly Part[], after: readonly Part[]): Change[] {
  if (before.length === 0) return [];
  const settingsOf = (parts: readonly Part[]) =>
    new Map(parts.filter((part) => !isPrompt(part)).map((part) => [part.path, part]));
  const [old, now] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
    const [one, other] = [old.get(path), now.get(path)];
    if (one?.text === other?.text) return [];
    return { before: one, after: other };
  });
}
