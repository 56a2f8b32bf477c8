import { Unproved } from "../tokens.ts";
import { unknown } from "../words.ts";
import { find } from "./find.ts";
import type { Programs } from "./program.ts";
import { bracket, test } from "./test.ts";

const WHEN = ["auto", "always", "never"] as const;

const WIDTH = /^\d{1,3}$/;

/** Where an edition of the program takes no value here, the word is a path. */
const NAME = /^(?!\.{1,2}$)[^/]*$/;

/** No width in it that fills the memory. */
const FORMAT = /^(?!.*\d{4})/s;

const checksum = { letters: "btz", words: "--binary --text --tag", rest: "path" } as const;

/** Programs that tell what files there are, what they are and how they differ. */
export const files: Programs = {
  "[": bracket,
  basename: { letters: "az", values: { "-s": "text", "--suffix": "text" }, rest: "text" },
  cmp: {
    letters: "bls",
    words: "--silent --quiet --verbose --print-bytes",
    operands: ["file", "file"],
    atLeast: 2,
  },
  df: {
    letters: "ahHiklmPT",
    words: "--human-readable --all --inodes --portability --print-type --total",
    rest: "path",
  },
  // Files only: of two folders it reads all that is in them, and follows links.
  diff: {
    letters: "abBcdeEiNnpqstTuwyZ",
    words:
      "--brief --report-identical-files --side-by-side --expand-tabs --ignore-case --ignore-all-space " +
      "--ignore-space-change --ignore-blank-lines --ignore-trailing-space --strip-trailing-cr --text " +
      "--suppress-common-lines --minimal --new-file --show-c-function",
    values: { "-U": "number", "-C": "number", "-W": WIDTH, "--width": WIDTH, "--label": "text" },
    glued: { "--unified": "number", "--context": "number", "--color": WHEN },
    operands: ["file", "file"],
    atLeast: 2,
  },
  dirname: { letters: "z", rest: "text" },
  du: {
    isBlind: true,
    letters: "abchHkmsSx0",
    words: "--all --apparent-size --bytes --total --human-readable --si --summarize --one-file-system",
    values: { "-d": "number", "-t": "number", "--max-depth": "number", "--exclude": "text" },
    rest: "path",
  },
  file: { letters: "bhikLN", words: "--brief --mime --mime-type --mime-encoding", rest: "path" },
  find,
  hexdump: { letters: "bcCdovx", values: { "-n": "number", "-s": "number" }, rest: "path" },
  ls: {
    isBlind: true,
    letters: "1aAbBcCdFghiklmnNopqQrRsStuUvxXZ",
    words:
      "--all --almost-all --human-readable --recursive --reverse --size --inode --directory --classify " +
      "--group-directories-first --full-time --no-group --numeric-uid-gid --literal --file-type",
    values: {
      ...{ "-I": NAME, "-w": "number", "--ignore": "text", "--hide": "text", "--width": "number" },
      ...{ "--sort": "text", "--time": "text", "--time-style": FORMAT, "--format": "text" },
    },
    glued: { "--color": WHEN },
    rest: "path",
  },
  md5sum: checksum,
  od: {
    letters: "abcdfilosvx",
    values: { "-A": ["d", "o", "x", "n"], "-j": "number", "-N": "number", "-t": "text" },
    glued: { "-w": /^\d{1,3}$/ },
    rest: "path",
  },
  readlink: {
    isBlind: true,
    letters: "efmnqsvz",
    words: "--canonicalize --canonicalize-existing --no-newline",
    rest: "path",
  },
  realpath: {
    isBlind: true,
    letters: "emLPqsz",
    words: "--canonicalize-existing --canonicalize-missing --no-symlinks --quiet",
    values: { "--relative-to": "path", "--relative-base": "path" },
    rest: "path",
  },
  sha1sum: checksum,
  sha256sum: checksum,
  sha512sum: checksum,
  shasum: { letters: "bt", values: { "-a": "number" }, rest: "path" },
  cksum: { rest: "path" },
  stat: {
    isBlind: true,
    letters: "fLtx",
    words: "--dereference --terse --file-system",
    values: { "-c": FORMAT, "--format": FORMAT, "--printf": FORMAT },
    rest: "path",
  },
  strings: {
    letters: "a",
    words: "--all",
    values: { "-n": "number", "-t": ["d", "o", "x"], "--bytes": "number" },
    rest: "path",
    // Such a file holds more of its words.
    check: ({ operands }) => {
      const list = operands.find((operand) => operand.startsWith("@"));
      if (list !== undefined) throw new Unproved(unknown("strings", list));
    },
  },
  test,
  tree: {
    letters: "aACdDfFghiNpQrsStuvx",
    words: "--dirsfirst --filesfirst --noreport --gitignore --prune --du --matchdirs --ignore-case",
    apart: true,
    values: { "-L": "number", "-I": NAME, "-P": NAME, "--filelimit": "number" },
    glued: { "--sort": "text" },
    rest: "path",
  },
  // A second operand is a file to write.
  xxd: {
    // In a row, it reads the first letter only.
    words: "-a -b -e -E -i -p -ps -u -C",
    values: { "-c": "number", "-g": "number", "-l": "number", "-s": "number", "-o": "number" },
    operands: ["path"],
  },
};
