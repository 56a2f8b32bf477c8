import { bareCall } from "../words.ts";
import type { Programs } from "./program.ts";

/** A list of fields or lines: 1,3-5. */
const LIST = /^[\d,-]+$/;

/** Not an option, and no width that fills the memory. */
const FORMAT = /^(?!-)(?:[^%]|%%|%[-+ #0]*\d{0,3}(?:\.\d{0,3})?[A-Za-mo-z])*$/s;

const TABS = /^\d{1,3}(?:,\d{1,3})*$/;

const WIDTH = /^\d{1,3}$/;

/** Programs that print files, or their input, in another form. */
export const text: Programs = {
  cat: {
    letters: "AbeEnstTuv",
    words: "--number --number-nonblank --show-all --show-ends --show-tabs --show-nonprinting --squeeze-blank",
    rest: "path",
  },
  column: {
    letters: "tx",
    words: "--table",
    values: { "-s": "text", "-c": "number", "-o": "text", "-N": "text" },
    rest: "path",
  },
  comm: { letters: "123i", words: "--nocheck-order --total", operands: ["path", "path"] },
  cut: {
    letters: "ns",
    words: "--only-delimited --complement",
    values: {
      ...{ "-b": LIST, "-c": LIST, "-d": "text", "-f": LIST },
      ...{ "--bytes": LIST, "--characters": LIST, "--delimiter": "text", "--fields": LIST },
      "--output-delimiter": "text",
    },
    rest: "path",
  },
  // It prints any word, "---" too.
  echo: { grammar: (words) => bareCall("echo", words), isBuiltin: true },
  expand: { letters: "i", values: { "-t": TABS, "--tabs": TABS }, rest: "path" },
  fold: { letters: "bs", words: "--spaces", values: { "-w": "number", "--width": "number" }, rest: "path" },
  head: {
    letters: "qvz",
    words: "--quiet --silent --verbose",
    values: { "-n": "number", "-c": "number", "--lines": "number", "--bytes": "number" },
    digits: true,
    rest: "path",
  },
  nl: {
    letters: "p",
    values: {
      ...{ "-b": /^(?:[atn]|p.*)$/s, "-n": ["ln", "rn", "rz"], "-s": "text", "-v": "number" },
      ...{ "-w": WIDTH, "-i": "number", "--body-numbering": ["a", "t", "n"] },
    },
    rest: "path",
  },
  paste: {
    letters: "sz",
    words: "--serial",
    values: { "-d": "text", "--delimiters": "text" },
    rest: "path",
  },
  // The program and not bash's own: that one sets variables (-v, %n).
  printf: { operands: [FORMAT], rest: "text", atLeast: 1 },
  rev: { rest: "path" },
  seq: {
    letters: "w",
    words: "--equal-width",
    values: { "-s": "text", "-f": FORMAT, "--separator": "text", "--format": FORMAT },
    // A number too large counts for days.
    operands: Array(3).fill(/^-?\d{1,5}(?:\.\d{1,2})?$/),
  },
  sort: {
    letters: "bcCdfghiMmnRrsuVz",
    words:
      "--reverse --unique --numeric-sort --human-numeric-sort --version-sort --general-numeric-sort " +
      "--ignore-case --ignore-leading-blanks --dictionary-order --month-sort --stable --check --zero-terminated",
    values: { "-k": "text", "-t": "text", "--key": "text", "--field-separator": "text" },
    rest: "path",
  },
  tac: { letters: "br", values: { "-s": "text", "--separator": "text" }, rest: "path" },
  // Not -f and -F, which never end.
  tail: {
    letters: "qvz",
    words: "--quiet --silent --verbose",
    values: { "-n": "number", "-c": "number", "--lines": "number", "--bytes": "number" },
    digits: true,
    rest: "path",
  },
  tr: {
    letters: "cCdst",
    words: "--complement --delete --squeeze-repeats --truncate-set1",
    operands: ["text", "text"],
    atLeast: 1,
  },
  // A second operand is a file to write.
  uniq: {
    letters: "cdDiuz",
    words: "--count --repeated --ignore-case --unique",
    values: {
      ...{ "-f": "number", "-s": "number", "-w": "number" },
      ...{ "--skip-fields": "number", "--skip-chars": "number", "--check-chars": "number" },
    },
    operands: ["path"],
  },
  wc: {
    letters: "clLmw",
    words: "--bytes --chars --lines --words --max-line-length",
    values: { "--total": ["auto", "always", "only", "never"] },
    rest: "path",
  },
};
