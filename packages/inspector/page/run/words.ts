/** Numbers as they are read at a glance. */

export function tokens(count: number): string {
  return shortened(count, ["", "k", "M"]);
}

export function size(characters: number): string {
  return characters < 1000
    ? `${characters} B`
    : `${shortened(characters, ["", "k", "M"])}B`.replace(/([kM])B$/, " $1B");
}

function shortened(count: number, units: readonly string[]): string {
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  return value.toFixed(digits).replace(/\.0$/, "") + units[unit];
}

export function duration(ms: number): string {
  if (ms < 1) return "0 ms";
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function dollars(cost: number): string {
  if (cost === 0) return "$0";
  return cost < 0.01 ? `$${cost.toPrecision(1)}` : `$${cost.toFixed(2)}`;
}
