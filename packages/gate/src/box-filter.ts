/**
 * For each processor, the ways in which a program can call the kernel: the kernel's own number for that way (AUDIT_ARCH), and the
 * numbers that `add_key` and `socket` have there. `request_key` and `keyctl` come right after the first.
 */
const WAYS: Readonly<Record<string, Readonly<Record<string, readonly [addKey: number, socket: number]>>>> = {
  x64: { "0xc000003e": [248, 41], "0x40000003": [286, 359] },
  arm64: { "0xc00000b7": [217, 198], "0x40000028": [309, 281] },
};

/** `socketcall` on 32 bits, whose arguments a filter cannot read, and `io_uring_setup`: both make sockets, too. */
const [SOCKET_CALL, IO_URING, NETLINK] = [102, 425, 16];

const [LOAD, AND, IF_EQUAL, IF_AT_LEAST, IF_GREATER, RETURN] = [0x20, 0x54, 0x15, 0x35, 0x25, 0x06];
const ALLOW = 0x7fff0000;
/** The error ENOSYS, as from a kernel that has no keyrings: programs know what to do then. */
const NOT_IMPLEMENTED = 0x00050026;

type Step = readonly [code: number, yes: number, no: number, value: number];
const REFUSE: Step = [RETURN, 0, 0, NOT_IMPLEMENTED];

const refuse = (from: number, to = from): Step[] => [
  [IF_AT_LEAST, 0, 2, from],
  [IF_GREATER, 1, 0, to],
  REFUSE,
];

/**
 * A seccomp filter for bubblewrap (https://docs.kernel.org/userspace-api/seccomp_filter.html) that refuses what namespaces do not take
 * away: the calls for keyrings, where Kerberos and some password managers keep their keys, and sockets of the families after netlink.
 * Through one of those, AF_VSOCK, a virtual machine talks to its host. Undefined on processors whose numbers we do not know.
 */
export function filterOf(arch: string): Buffer | undefined {
  const ways = Object.entries(WAYS[arch] ?? {}).flatMap(([name, [addKey, socket]]): Step[] => {
    const is32Bit = name.startsWith("0x4");
    const steps: Step[] = [
      [LOAD, 0, 0, 0],
      [AND, 0, 0, 0x3fffffff], // x32 has the numbers of x64, with one more bit
      ...[...refuse(addKey, addKey + 2), ...refuse(IO_URING), ...(is32Bit ? refuse(SOCKET_CALL) : [])],
      ...([[IF_EQUAL, 0, 3, socket], [LOAD, 0, 0, 16], [IF_GREATER, 0, 1, NETLINK], REFUSE] as const),
      [RETURN, 0, 0, ALLOW],
    ];
    return [[IF_EQUAL, 0, steps.length, Number(name)], ...steps];
  });
  const program: Step[] = [[LOAD, 0, 0, 4], ...ways, [RETURN, 0, 0, ALLOW]];
  const numbers = program.flatMap(([code, yes, no, value]) => [code + yes * 2 ** 16 + no * 2 ** 24, value]);
  return ways.length > 0 ? Buffer.from(Uint32Array.from(numbers).buffer) : undefined;
}
