/**
 * For each processor, the ways in which a program can call the kernel: the kernel's own number for that way (AUDIT_ARCH), and the number
 * that `add_key` has there. `request_key` and `keyctl` come right after it.
 */
const WAYS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  x64: { "0xc000003e": 248, "0x40000003": 286 },
  arm64: { "0xc00000b7": 217, "0x40000028": 309 },
};

const [LOAD, AND, IF_EQUAL, IF_AT_LEAST, IF_GREATER, RETURN] = [0x20, 0x54, 0x15, 0x35, 0x25, 0x06];
const ALLOW = 0x7fff0000;
/** The error ENOSYS, as from a kernel that has no keyrings: programs know what to do then. */
const NOT_IMPLEMENTED = 0x00050026;

/**
 * A seccomp filter for bubblewrap (https://docs.kernel.org/userspace-api/seccomp_filter.html) that refuses the three calls for
 * keyrings. Kerberos and some password managers keep their keys in the session's keyring, which a user namespace does not take away.
 * Undefined on processors whose numbers we do not know.
 */
export function filterOf(arch: string): Buffer | undefined {
  const ways = Object.entries(WAYS[arch] ?? {});
  const steps = ways.flatMap(([name, addKey], index) => {
    const left = 5 * (ways.length - index); // steps from here to the end
    return [
      [IF_EQUAL, 0, 4, Number(name)],
      [LOAD, 0, 0, 0],
      [AND, 0, 0, 0x3fffffff], // x32 has the numbers of x64, with one more bit
      [IF_AT_LEAST, 0, left - 4, addKey],
      [IF_GREATER, left - 5, left - 4, addKey + 2],
    ];
  });
  const program = [[LOAD, 0, 0, 4], ...steps, [RETURN, 0, 0, ALLOW], [RETURN, 0, 0, NOT_IMPLEMENTED]];
  const numbers = program.flatMap(([code = 0, yes = 0, no = 0, value = 0]) => [
    code + yes * 2 ** 16 + no * 2 ** 24,
    value,
  ]);
  return ways.length > 0 ? Buffer.from(Uint32Array.from(numbers).buffer) : undefined;
}
