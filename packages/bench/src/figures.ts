/** One line of a benchmark's table. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly target?: string;
}

export interface Bench {
  readonly title: string;
  run(): Promise<Figure[]>;
}

/** Something that takes time: `time` does it once and returns the milliseconds. */
export interface Timed {
  readonly what: string;
  readonly target?: string;
  time(): Promise<number>;
}

/** How often each time is taken. */
export const RUNS = 20;

/**
 * Takes each time RUNS times, in turns, so that a busy moment of the machine touches all alike. The figures are
 * their medians, and how many times the first one they are.
 */
export async function compare(yardstick: Timed, ...others: readonly Timed[]): Promise<Figure[]> {
  const all = [yardstick, ...others].map((timed) => ({ timed, times: [] as number[] }));
  for (const { timed } of all) await timed.time(); // fills the caches
  for (let run = 0; run < RUNS; run += 1) {
    for (const { timed, times } of all) times.push(await timed.time());
  }
  const medians = all.map(({ times }) => median(times));
  return all.map(({ timed: { what, target } }, index) => {
    const time = medians[index] ?? Number.NaN;
    const ratio = index === 0 ? "" : `  ${(time / (medians[0] ?? Number.NaN)).toFixed(2)}×`;
    return { what, value: `${time.toFixed(0)} ms${ratio}`, ...(target && { target }) };
  });
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
