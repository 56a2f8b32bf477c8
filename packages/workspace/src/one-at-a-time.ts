const last = new Map<string, Promise<unknown>>();

/** Runs changes to the same file one after another, in the order they were asked for; others do not wait. */
export async function oneAtATime<Result>(file: string, change: () => Promise<Result>): Promise<Result> {
  const turn = (last.get(file) ?? Promise.resolve()).then(change, change);
  last.set(file, turn);
  try {
    return await turn;
  } finally {
    if (last.get(file) === turn) last.delete(file);
  }
}
