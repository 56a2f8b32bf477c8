/** The system calls of the kernel's keyrings are three in a row: the first of them, for each way to call this processor's kernel. */
const FIRST: Readonly<Record<string, readonly (readonly [audited: number, first: number])[]>> = {
  x64: [
    [0xc000003e, 248],
    [0x40000003, 286],
  ],
  arm64: [
    [0xc00000b7, 217],
    [0x40000028, 309],
  ],
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
  const ways = FIRST[arch];
  if (ways === undefined) return undefined;
  const end = 5 * ways.length;
  const steps = ways.flatMap(([audited, first], way) => {
    const left = end - 5 * way;
    return [
      [IF_EQUAL, 0, 4, audited],
      [LOAD, 0, 0, 0],
      [AND, 0, 0, 0x3fffffff], // x32 is x64 with a bit more
      [IF_AT_LEAST, 0, left - 4, first],
      [IF_GREATER, left - 5, left - 4, first + 2],
    ];
  });
  const program = [[LOAD, 0, 0, 4], ...steps, [RETURN, 0, 0, ALLOW], [RETURN, 0, 0, NOT_IMPLEMENTED]];
  return Buffer.concat(
    program.map(([code = 0, yes = 0, no = 0, value = 0]) => {
      const step = Buffer.from([code, 0, yes, no, 0, 0, 0, 0]);
      step.writeUInt32LE(value, 4);
      return step;
    }),
  );
}
