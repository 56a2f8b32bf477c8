/** For each processor: what the kernel calls a way to call it, and there the first of three calls in a row, those of its keyrings. */
const FIRST: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  x64: { 3221225534: 248, 1073741827: 286 },
  arm64: { 3221225655: 217, 1073741864: 309 },
};

const [LOAD, AND, IF_EQUAL, IF_AT_LEAST, IF_GREATER, RETURN] = [0x20, 0x54, 0x15, 0x35, 0x25, 0x06];
const ALLOW = 0x7fff0000;
/** As if the kernel had none: programs know what to do then. */
const NOT_IMPLEMENTED = 0x00050026;

/**
 * A filter of system calls, for bubblewrap (https://docs.kernel.org/userspace-api/seccomp_filter.html). A namespace of users does
 * not take away the session's keyring, where Kerberos and some keepers of passwords have theirs. Undefined where the numbers of the
 * calls are not known.
 */
export function filterOf(arch: string): Buffer | undefined {
  const ways = Object.entries(FIRST[arch] ?? {});
  const steps = ways.flatMap(([audited, first], way) => {
    const left = 5 * (ways.length - way); // steps to the end, from here
    return [
      [IF_EQUAL, 0, 4, Number(audited)],
      [LOAD, 0, 0, 0],
      [AND, 0, 0, 0x3fffffff], // x32 is x64 with a bit more
      [IF_AT_LEAST, 0, left - 4, first],
      [IF_GREATER, left - 5, left - 4, first + 2],
    ];
  });
  const program = [[LOAD, 0, 0, 4], ...steps, [RETURN, 0, 0, ALLOW], [RETURN, 0, 0, NOT_IMPLEMENTED]];
  const numbers = program.flatMap(([code = 0, yes = 0, no = 0, value = 0]) => [
    code + yes * 2 ** 16 + no * 2 ** 24,
    value,
  ]);
  return ways.length > 0 ? Buffer.from(Uint32Array.from(numbers).buffer) : undefined;
}
