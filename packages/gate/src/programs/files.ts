import { Unproved } from "../parse.ts";
import {
  bareCall,
  type Call,
  entryOf,
  hasOption,
  type Kind,
  lists,
  notKnown,
  type Path,
  type Program,
  type Table,
} from "../usage.ts";

const WHEN = ["auto", "always", "never"] as const;

const WIDTH = /^\d{1,3}$/;

/** Where an edition of the program takes no value here, the word is a path. */
const FILE_NAME = /^(?!\.{1,2}$)[^/]*$/;

/** A format with a width of four digits could fill the memory. */
const FORMAT = /^(?!.*\d{4})/s;

const NAME = /^[A-Za-z0-9_.+@-]+$/;

/** Programs that say what files there are, what kind they are and how they differ, or tell about the machine and the time. */
export const files: Table<Program> = {
  "[ test": { opensNoFile: true, grammar: testCall },
  "arch false groups true whoami": {},
  basename: { flags: "-az", values: { "-s --suffix": "text" }, rest: "text" },
  cksum: { rest: "path" },
  cmp: { flags: "-bls --silent --quiet --verbose --print-bytes", operands: ["file", "file"], minOperands: 2 },
  // Without -v it runs what it is given.
  command: {
    flags: "-vV",
    rest: NAME,
    isBuiltin: true,
    refuses: (call) => (hasOption(call, "-v -V") ? undefined : call.operands.join(" ")),
  },
  // An operand without "+" sets the clock, and a time zone (TZ=) may be the path of a file.
  date: {
    flags: "-uR --utc --universal --rfc-email",
    values: { "-d --date": /^(?!.*TZ)/is },
    glued: { "-I --iso-8601 --rfc-3339": "text" },
    operands: [/^\+(?!.*\d{4})/s],
  },
  df: {
    flags: "-ahHiklmPT --human-readable --all --inodes --portability --print-type --total",
    rest: "path",
  },
  // Files only: it reads everything in two folders, and follows links there.
  diff: {
    flags: `-abBcdeEiNnpqstTuwyZ --brief --report-identical-files --side-by-side --expand-tabs --ignore-case
      --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-trailing-space --strip-trailing-cr --text
      --suppress-common-lines --minimal --new-file --show-c-function`,
    values: { "-U -C": "number", "--label": "text", "-W --width": WIDTH },
    glued: { "--unified --context": "number", "--color": WHEN },
    operands: ["file", "file"],
    minOperands: 2,
  },
  dirname: { flags: "-z", rest: "text" },
  du: {
    opensNoFile: true,
    flags: `-abchHkmsSx0 --all --apparent-size --bytes --total --human-readable --si --summarize --one-file-system`,
    values: { "-d -t --max-depth": "number", "--exclude": "text" },
    rest: "path",
  },
  file: { flags: "-bhikLN --brief --mime --mime-type --mime-encoding", rest: "path" },
  find: { opensNoFile: true, grammar: findCall },
  hexdump: { flags: "-bcCdovx", values: { "-n -s": "number" }, rest: "path" },
  hostname: { flags: "-fsiI" },
  id: { flags: "-gGnru", operands: [NAME] },
  ls: {
    opensNoFile: true,
    flags: `-1aAbBcCdFghiklmnNopqQrRsStuUvxXZ --all --almost-all --human-readable --recursive --reverse --size --inode
      --directory --classify --group-directories-first --full-time --no-group --numeric-uid-gid --literal
      --file-type`,
    values: {
      "-w --width": "number",
      "--ignore --hide --sort --time --format": "text",
      "-I": FILE_NAME,
      "--time-style": FORMAT,
    },
    glued: { "--color": WHEN },
    rest: "path",
  },
  "md5sum sha1sum sha256sum sha512sum": { flags: "-btz --binary --text --tag", rest: "path" },
  nproc: { flags: "--all" },
  od: {
    flags: "-abcdfilosvx",
    values: { "-j -N": "number", "-t": "text", "-A": ["d", "o", "x", "n"] },
    glued: { "-w": WIDTH },
    rest: "path",
  },
  pwd: { flags: "-LP", isBuiltin: true },
  readlink: {
    opensNoFile: true,
    flags: "-efmnqsvz --canonicalize --canonicalize-existing --no-newline",
    rest: "path",
  },
  realpath: {
    opensNoFile: true,
    flags: "-emLPqsz --canonicalize-existing --canonicalize-missing --no-symlinks --quiet",
    values: { "--relative-to --relative-base": "path" },
    rest: "path",
  },
  shasum: { flags: "-bt", values: { "-a": "number" }, rest: "path" },
  stat: {
    opensNoFile: true,
    flags: "-fLtx --dereference --terse --file-system",
    values: { "-c --format --printf": FORMAT },
    rest: "path",
  },
  // "@list" is a file with more words for it.
  strings: {
    flags: "-a --all",
    values: { "-n --bytes": "number", "-t": ["d", "o", "x"] },
    rest: "path",
    refuses: ({ operands }) => operands.find((operand) => operand.startsWith("@")),
  },
  tree: {
    flags: `-aACdDfFghiNpQrsStuvx --dirsfirst --filesfirst --noreport --gitignore --prune --du --matchdirs
      --ignore-case`,
    valuesApart: true,
    values: { "-L --filelimit": "number", "-I -P": FILE_NAME },
    glued: { "--sort": "text" },
    rest: "path",
  },
  type: { flags: "-apPt", rest: NAME, isBuiltin: true },
  uname: { flags: "-aimnoprsv --all" },
  which: { flags: "-a", rest: NAME },
  // It reads only the first of several letters, but knows -ps. A second operand is a file to write.
  xxd: {
    values: { "-c -g -l -s -o": "number" },
    glued: { "-a -b -e -E -i -u -C": [], "-p": ["s"] },
    operands: ["path"],
  },
};

/**
 * One test, as in `-f file`, `! -d folder` or `a = b`. Tests joined by -a and -o may be read in two ways. It is the program that
 * runs, and not bash's own command, whose -v runs what is between the brackets of a name.
 */
function testCall(words: readonly string[], name: string): Call {
  if (name === "[" && words.at(-1) !== "]") throw new Unproved("[ is not closed");
  const all = name === "[" ? words.slice(0, -1) : words;
  const test = all[0] === "!" ? all.slice(1) : all;
  const [first = "", second = "", third = ""] = test;
  const call = (...paths: readonly string[]): Call => ({
    ...bareCall(name, all),
    paths: paths.map((path): Path => ({ path, kind: "path" })),
  });
  if (test.length === 1) return call();
  if (test.length === 2 && /^-[bcdefgGhkLOprsSuwxN]$/.test(first)) return call(second);
  if (test.length === 2 && /^-[nz]$/.test(first)) return call();
  if (test.length === 3 && /^-(?:nt|ot|ef)$/.test(second)) return call(first, third);
  if (test.length === 3 && /^(?:=|==|!=|-eq|-ne|-lt|-le|-gt|-ge)$/.test(second)) return call();
  throw notKnown(name, test.join(" ").trim());
}

/** The tests of find, and its actions that print: all others run, write or delete. */
const FIND_WORDS = `-print -print0 -ls -prune -empty -executable -readable -writable -true -false -nouser -nogroup
  -quit -a -and -o -or -not ! ( ) , -depth -d -mount -xdev -daystart -noleaf -ignore_readdir_race`;
const FIND_VALUES: Table<Kind> = {
  "-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname": "text",
  "-regextype -user -group -fstype -newermt": "text",
  "-printf": FORMAT,
  "-type -xtype": /^[bcdpflsD](?:,[bcdpflsD])*$/,
  "-size -mtime -atime -ctime -mmin -amin -cmin -links -inum -used -uid -gid": /^[+-]?\d+[A-Za-z]?$/,
  "-maxdepth -mindepth": /^\d+$/,
  "-perm": /^[-/+]?[0-7augorwxXst=+,-]+$/,
  "-newer -anewer -cnewer -samefile": "path",
};

/** `find [folder…] [test…]`. It follows no link that it meets: that would be -L. */
function findCall(words: readonly string[]): Call {
  const expression = words.findIndex((word) => /^[-!(),]/.test(word));
  const folders = expression < 0 ? words : words.slice(0, expression);
  const paths: Path[] = folders.map((path) => ({ path, kind: "path" }));
  for (let at = folders.length; at < words.length; at++) {
    const test = words[at] ?? "";
    const kind = entryOf(FIND_VALUES, test);
    if (kind === undefined && !lists(FIND_WORDS, test)) throw notKnown("find", test);
    if (kind === undefined) continue;
    const value = words[++at];
    if (value === undefined) throw new Unproved(`find ${test} lacks its value`);
    if (kind === "path") paths.push({ path: value, kind });
    else if (kind instanceof RegExp && !kind.test(value)) throw notKnown(`find ${test}`, value);
  }
  return { ...bareCall("find", words), paths };
}
