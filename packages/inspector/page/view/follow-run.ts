/** Reads a trace into a run that components draw, again after each batch of its lines. */
import { onScopeDispose, type ShallowRef, shallowRef } from "vue";
import { openRun, type Run } from "../run/run.ts";
import type { Lines } from "./lines.ts";

export interface FollowedRun {
  readonly run: ShallowRef<Run>;
  /** `reading` until no more lines can come. */
  readonly state: ShallowRef<"reading" | "over">;
  /** Why no more come, when that is worth a word. */
  readonly problem: ShallowRef<string | undefined>;
}

export function followRun(lines: Lines): FollowedRun {
  const { run: read, add } = openRun();
  const run = shallowRef({ ...read }); // another one each time: components draw what is new to them
  const state = shallowRef<"reading" | "over">("reading");
  const problem = shallowRef<string>();
  let isWanted = true;
  onScopeDispose(() => {
    isWanted = false;
  });
  const follow = async () => {
    for await (const batch of lines) {
      for (const line of batch) add(line);
      run.value = { ...read };
      if (!isWanted) return;
    }
  };
  follow()
    .catch((error) => {
      problem.value = error instanceof Error ? error.message : String(error);
    })
    .finally(() => {
      state.value = "over";
    });
  return { run, state, problem };
}
