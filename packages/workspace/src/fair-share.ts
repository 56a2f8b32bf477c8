/** Splits room among those who ask for it: everyone gets the same, and what one does not need goes to the others. */
export function fairShares(wishes: readonly number[], room: number): number[] {
  const shares = wishes.map(() => 0);
  const modestFirst = wishes.map((wish, index) => ({ wish, index })).sort((a, b) => a.wish - b.wish);
  let left = room;
  for (const [served, { wish, index }] of modestFirst.entries()) {
    const share = Math.min(wish, Math.floor(left / (modestFirst.length - served)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
