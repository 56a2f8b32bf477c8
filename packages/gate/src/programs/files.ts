import { Unproved } from "../parse.ts";
import { bareCall, type Call, hasOption, type Kind, notKnown, type Path, type Programs } from "../usage.ts";

const WHEN = ["auto", "always", "never"] as const;

const WIDTH = /^\d{1,3}$/;

/** Where an edition of the program takes no value here, the word is a path. */
const FILE_NAME = /^(?!\.{1,2}$)[^/]*$/;

/** No width in it that fills the memory. */
const FORMAT = /^(?!.*\d{4})/s;

const checksum = { letters: "btz", words: "--binary --text --tag", rest: "path" } as const;

const NAME = /^[A-Za-z0-9_.+@-]+$/;

/** Programs that tell what files there are, what they are and how they differ; or about the machine and the time. */
export const files: Programs = {
  "[": {
    opensNoFile: true,
    grammar: (words) => {
      if (words.at(-1) !== "]") throw new Unproved("[ is not closed");
      return testCall("[", words.slice(0, -1));
    },
  },
  arch: {},
  basename: { letters: "az", texts: "-s --suffix", rest: "text" },
  cksum: { rest: "path" },
  cmp: {
    letters: "bls",
    words: "--silent --quiet --verbose --print-bytes",
    operands: ["file", "file"],
    minOperands: 2,
  },
  // Without -v it runs what it is given.
  command: {
    letters: "vV",
    rest: NAME,
    isBuiltin: true,
    check: (call) => {
      if (!hasOption(call, "-v", "-V")) throw new Unproved("command without -v runs a program");
    },
  },
  // An operand without "+" sets the clock.
  date: {
    letters: "uR",
    words: "--utc --universal --rfc-email",
    // A time zone may be a file's path.
    values: { "-d": /^(?!.*TZ)/is, "--date": /^(?!.*TZ)/is },
    glued: { "-I": "text", "--iso-8601": "text", "--rfc-3339": "text" },
    // No width in it that fills the memory.
    operands: [/^\+(?!.*\d{4})/s],
  },
  df: {
    letters: "ahHiklmPT",
    words: "--human-readable --all --inodes --portability --print-type --total",
    rest: "path",
  },
  // Files only: of two folders it reads everything that is in them, and follows links.
  diff: {
    letters: "abBcdeEiNnpqstTuwyZ",
    words:
      "--brief --report-identical-files --side-by-side --expand-tabs --ignore-case --ignore-all-space " +
      "--ignore-space-change --ignore-blank-lines --ignore-trailing-space --strip-trailing-cr --text " +
      "--suppress-common-lines --minimal --new-file --show-c-function",
    numbers: "-U -C",
    texts: "--label",
    values: { "-W": WIDTH, "--width": WIDTH },
    glued: { "--unified": "number", "--context": "number", "--color": WHEN },
    operands: ["file", "file"],
    minOperands: 2,
  },
  dirname: { letters: "z", rest: "text" },
  du: {
    opensNoFile: true,
    letters: "abchHkmsSx0",
    words: "--all --apparent-size --bytes --total --human-readable --si --summarize --one-file-system",
    numbers: "-d -t --max-depth",
    texts: "--exclude",
    rest: "path",
  },
  false: {},
  file: { letters: "bhikLN", words: "--brief --mime --mime-type --mime-encoding", rest: "path" },
  find: { opensNoFile: true, grammar: findCall },
  groups: {},
  hexdump: { letters: "bcCdovx", numbers: "-n -s", rest: "path" },
  hostname: { letters: "fsiI" },
  id: { letters: "gGnru", operands: [NAME] },
  ls: {
    opensNoFile: true,
    letters: "1aAbBcCdFghiklmnNopqQrRsStuUvxXZ",
    words:
      "--all --almost-all --human-readable --recursive --reverse --size --inode --directory --classify " +
      "--group-directories-first --full-time --no-group --numeric-uid-gid --literal --file-type",
    numbers: "-w --width",
    texts: "--ignore --hide --sort --time --format",
    values: { "-I": FILE_NAME, "--time-style": FORMAT },
    glued: { "--color": WHEN },
    rest: "path",
  },
  md5sum: checksum,
  nproc: { words: "--all" },
  od: {
    letters: "abcdfilosvx",
    numbers: "-j -N",
    texts: "-t",
    values: { "-A": ["d", "o", "x", "n"] },
    glued: { "-w": WIDTH },
    rest: "path",
  },
  pwd: { letters: "LP", isBuiltin: true },
  readlink: {
    opensNoFile: true,
    letters: "efmnqsvz",
    words: "--canonicalize --canonicalize-existing --no-newline",
    rest: "path",
  },
  realpath: {
    opensNoFile: true,
    letters: "emLPqsz",
    words: "--canonicalize-existing --canonicalize-missing --no-symlinks --quiet",
    paths: "--relative-to --relative-base",
    rest: "path",
  },
  sha1sum: checksum,
  sha256sum: checksum,
  sha512sum: checksum,
  shasum: { letters: "bt", numbers: "-a", rest: "path" },
  stat: {
    opensNoFile: true,
    letters: "fLtx",
    words: "--dereference --terse --file-system",
    values: { "-c": FORMAT, "--format": FORMAT, "--printf": FORMAT },
    rest: "path",
  },
  strings: {
    letters: "a",
    words: "--all",
    numbers: "-n --bytes",
    values: { "-t": ["d", "o", "x"] },
    rest: "path",
    // Such a file holds more of its words.
    check: ({ operands }) => {
      const list = operands.find((operand) => operand.startsWith("@"));
      if (list !== undefined) throw notKnown("strings", list);
    },
  },
  // The program, and not bash's own command: in that, -v runs what is between the brackets of a name.
  test: { opensNoFile: true, grammar: (words) => testCall("test", words) },
  tree: {
    letters: "aACdDfFghiNpQrsStuvx",
    words: "--dirsfirst --filesfirst --noreport --gitignore --prune --du --matchdirs --ignore-case",
    valuesApart: true,
    numbers: "-L --filelimit",
    values: { "-I": FILE_NAME, "-P": FILE_NAME },
    glued: { "--sort": "text" },
    rest: "path",
  },
  true: {},
  type: { letters: "apPt", rest: NAME, isBuiltin: true },
  uname: { letters: "aimnoprsv", words: "--all" },
  which: { letters: "a", rest: NAME },
  whoami: {},
  // A second operand is a file to write.
  xxd: {
    // In a row, it reads the first letter only.
    words: "-a -b -e -E -i -p -ps -u -C",
    numbers: "-c -g -l -s -o",
    operands: ["path"],
  },
};

/** `[` and `test`: one test, as in `-f file`, `! -d folder`, `a = b`. Joined ones (-a, -o) may be read in two ways. */
function testCall(name: string, words: readonly string[]): Call {
  const test = words[0] === "!" ? words.slice(1) : words;
  const [first = "", second = "", third = ""] = test;
  const call = (...paths: readonly string[]): Call => ({
    ...bareCall(name, words),
    paths: paths.map((path): Path => ({ path, kind: "path" })),
  });
  if (test.length === 1) return call();
  if (test.length === 2 && /^-[bcdefgGhkLOprsSuwxN]$/.test(first)) return call(second);
  if (test.length === 2 && /^-[nz]$/.test(first)) return call();
  if (test.length === 3 && /^-(?:nt|ot|ef)$/.test(second)) return call(first, third);
  if (test.length === 3 && /^(?:=|==|!=|-eq|-ne|-lt|-le|-gt|-ge)$/.test(second)) return call();
  throw notKnown(name, test.join(" ").trim());
}

/** `find [folder…] [test…]`. The links it meets are not followed: that would be -L. */
function findCall(words: readonly string[]): Call {
  const expression = words.findIndex((word) => /^[-!(),]/.test(word));
  const folders = expression < 0 ? words : words.slice(0, expression);
  const paths: Path[] = folders.map((path) => ({ path, kind: "path" }));
  for (let at = folders.length; at < words.length; at++) {
    const test = words[at] ?? "";
    if (!Object.hasOwn(FIND_TESTS, test)) throw notKnown("find", test);
    const kind = FIND_TESTS[test];
    if (kind === undefined) continue;
    const value = words[++at];
    if (value === undefined) throw new Unproved(`find ${test} lacks its value`);
    if (kind === "path") paths.push({ path: value, kind });
    else if (kind instanceof RegExp && !kind.test(value)) throw notKnown(`find ${test}`, value);
  }
  return { ...bareCall("find", words), paths };
}

/** The tests that look, with what follows them. Its actions except for printing are left out: they run, write or delete. */
const FIND_TESTS: Readonly<Record<string, Kind | undefined>> = {
  ...all(
    "-print -print0 -ls -prune -empty -executable -readable -writable -true -false -nouser -nogroup -quit",
  ),
  ...all("-a -and -o -or -not ! ( ) , -depth -d -mount -xdev -daystart -noleaf -ignore_readdir_race"),
  ...all("-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname", "text"),
  ...all("-printf", FORMAT),
  ...all("-regextype -user -group -fstype -newermt", "text"),
  ...all("-type -xtype", /^[bcdpflsD](?:,[bcdpflsD])*$/),
  ...all("-size -mtime -atime -ctime -mmin -amin -cmin -links -inum -used -uid -gid", /^[+-]?\d+[A-Za-z]?$/),
  ...all("-maxdepth -mindepth", /^\d+$/),
  ...all("-perm", /^[-/+]?[0-7augorwxXst=+,-]+$/),
  ...all("-newer -anewer -cnewer -samefile", "path"),
};

function all(names: string, kind?: Kind): Record<string, Kind | undefined> {
  return Object.fromEntries(names.split(" ").map((name) => [name, kind]));
}
