const FRACTION = /^(?:(\d+) )?(\d+)\/(\d+)$/;

const QUARTERS = new Map([
  [0.25, "1/4"],
  [0.5, "1/2"],
  [0.75, "3/4"],
]);

/** "2" → 2, "3/4" → 0.75, "2 1/4" → 2.25 */
export function readAmount(text) {
  const match = FRACTION.exec(text);
  if (!match) return Number(text);
  const [, whole = 0, top, bottom] = match;
  return whole + top / bottom;
}

/** 2 → "2", 0.75 → "3/4", 2.25 → "2 1/4", 0.333… → "0.33" */
export function writeAmount(amount) {
  const whole = Math.floor(amount);
  const fraction = QUARTERS.get(amount - whole);
  if (!fraction) return String(Number(amount.toFixed(2)));
  return whole === 0 ? fraction : `${whole} ${fraction}`;
}
