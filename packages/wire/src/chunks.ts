/** How bytes are cut for the network: at every n-th byte, or at the places where readers go wrong. */
export function cutBytes(bytes: Buffer, chunkBytes: number | "awkward"): Buffer[] {
  const cuts = chunkBytes === "awkward" ? awkwardCuts(bytes) : regularCuts(bytes.length, chunkBytes);
  return [...cuts, bytes.length].map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end));
}

function regularCuts(length: number, size: number): number[] {
  const cuts: number[] = [];
  for (let at = size; at < length; at += size) cuts.push(at);
  return cuts;
}

/**
 * Cuts inside characters, inside field names and line ends, and now and then anywhere; then a long stretch without
 * cuts, for a piece of several events. The same bytes are always cut in the same way.
 */
function awkwardCuts(bytes: Buffer): number[] {
  const random = randomNumbers(0x8f01d);
  const cuts: number[] = [];
  for (let at = 1; at < bytes.length; at += 1) {
    const chance = isAwkward(bytes, at) ? 0.5 : 0.01;
    if (random() >= chance) continue;
    cuts.push(at);
    if (random() < 0.05) at += 1500;
  }
  return cuts;
}

function isAwkward(bytes: Buffer, at: number): boolean {
  const insideCharacter = ((bytes[at] ?? 0) & 0xc0) === 0x80;
  const insideLineEnd = bytes[at - 1] === 0x0d && bytes[at] === 0x0a;
  const betweenLineEnds = bytes[at - 1] === 0x0a && bytes[at] === 0x0a;
  const insideField = bytes.subarray(at - 2, at + 3).toString("latin1") === "data:";
  return insideCharacter || insideLineEnd || betweenLineEnds || insideField;
}

/** Numbers in [0, 1) that look random: a linear congruential generator with the constants of Numerical Recipes. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
