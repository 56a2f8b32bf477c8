import { SECRETS } from "@eightfold/workspace";
import { bareCall, hasOption, notKnown, type Program, type Programs } from "../usage.ts";

/** A list of fields or lines: 1,3-5. */
const LIST = /^[\d,-]+$/;

/** Not an option, and no width that fills the memory. */
const FORMAT = /^(?!-)(?:[^%]|%%|%[-+ #0]*\d{0,3}(?:\.\d{0,3})?[A-Za-mo-z])*$/s;

const TABS = /^\d{1,3}(?:,\d{1,3})*$/;

const ends: Program = {
  letters: "qvz",
  words: "--quiet --silent --verbose",
  numbers: "-n -c --lines --bytes",
  digits: true,
  rest: "path",
};

/** For grep, whose globs know no other way: both cases of each letter. */
const inBothCases = (glob: string) =>
  glob.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** It looks at one name of a path only: where a folder belongs to it, all of that is left out. */
const GREP_SECRETS = [...new Set([".git/**", ...SECRETS])].map((glob) => {
  const [name = "", inFolder] = glob.split("/");
  return `--exclude${inFolder ? "-dir" : ""}=${inBothCases(name)}`;
});
const RG_SECRETS = [".git/**", ...SECRETS].map((glob) => `--iglob=!**/${glob}`);

/** Not -R, which follows links, and not --devices, --directories and -z. */
const grep: Program = {
  letters: "abcEFGhHiIlLnoPqrsTUvwxyZ",
  words:
    "--recursive --ignore-case --no-ignore-case --line-number --with-filename --no-filename --count " +
    "--files-with-matches --files-without-match --only-matching --invert-match --word-regexp --line-regexp " +
    "--extended-regexp --fixed-strings --basic-regexp --perl-regexp --quiet --silent --no-messages --text " +
    "--null --initial-tab --byte-offset --line-buffered",
  numbers: "-A -B -C -m --after-context --before-context --context --max-count",
  texts: "-e --regexp --label --include --exclude --exclude-dir",
  paths: "-f --file",
  values: { "--binary-files": ["binary", "text", "without-match"] },
  glued: { "--color": ["auto", "always", "never"], "--colour": ["auto", "always", "never"] },
  digits: true,
  operands: ["text"],
  rest: "path",
  insteadOfOperands: ["-e", "-f", "--regexp", "--file"],
  leavesOut: (call) => (hasOption(call, "-r", "--recursive") ? GREP_SECRETS : []),
};

/** Not --pre and --hostname-bin, which run a program, -z, which runs others, and -L, which follows links. */
/** At most 4 GB, where a shell can limit that: for programs that keep in memory whatever they are given. */
const LIMITED = "builtin ulimit -v 4000000 2>/dev/null; ";

/** Somewhere below its start an ignore file may be a link to a device, and rg reads it whole. */
const rg: Program = {
  first: LIMITED,
  letters: "abcFHiIlnNoPpqsSuUvwx0.",
  words:
    "--text --count --count-matches --fixed-strings --with-filename --no-filename --ignore-case --line-number " +
    "--no-line-number --only-matching --pcre2 --pretty --quiet --case-sensitive --smart-case --unrestricted " +
    "--multiline --multiline-dotall --invert-match --word-regexp --line-regexp --null --hidden --no-hidden " +
    "--no-ignore --no-ignore-vcs --no-ignore-parent --no-ignore-dot --files --files-with-matches " +
    "--files-without-match --heading --no-heading --column --vimgrep --json --stats --trim --passthru " +
    "--no-messages --no-config --byte-offset --one-file-system --type-list --crlf --glob-case-insensitive",
  numbers:
    "-A -B -C -m -M -d --after-context --before-context --context --max-count --max-columns --max-depth " +
    "--max-filesize",
  texts:
    "-e -g -t -T -r --regexp --glob --iglob --type --type-not --type-add --replace --sort --sortr --color --colors " +
    "--encoding",
  paths: "-f --file --ignore-file",
  values: { "-j": /^\d{1,2}$/, "--threads": /^\d{1,2}$/, "--engine": ["default", "pcre2", "auto"] },
  operands: ["text"],
  rest: "path",
  insteadOfOperands: ["-e", "-f", "--regexp", "--file", "--files", "--type-list"],
  // A line of an ignore file that it cannot read, it prints. It is silent only about those below.
  readsAbove: [".ignore", ".rgignore", ".gitignore"],
  leavesOut: () => ["--no-ignore-messages", ...RG_SECRETS],
};

/** Nothing escaped and nothing in brackets: editions of sed differ in where a pattern with those ends. */
const between = (mark: string) => String.raw`[^${mark}\\\n[\]]`;
const ADDRESS = String.raw`(?:\d+|\$|/${between("/")}+/)`;
/** Lines to print, delete or count up to, and plain replacements: nothing of sed's that writes or runs (w, e, s///e). */
const COMMAND = String.raw`(?:${ADDRESS}(?:,(?:${ADDRESS}|\+\d+))?)? ?(?:[pdq=]|!d|!p|${["/", "\\|", "#", ","]
  .map((mark) => `s${mark}${between(mark)}*${mark}${between(mark)}*${mark}[gpI\\d]*`)
  .join("|")})`;
const SED = new RegExp(`^ *${COMMAND}(?: *; *${COMMAND})*;? *$`);

/** Fields to print: nothing of awk's that writes or runs can be said in this. */
const FIELD = String.raw`(?:\$(?:\d+|NF|\(NF-\d+\))|NR|NF|"[^"\\]*")`;
const CONDITION = String.raw`(?:(?:NR|NF|length) *(?:==|<=|>=|>|<|!=) *\d+(?: *&& *NR *(?:<=|<) *\d+)?|/[^/\\[\]]+/)`;
const PRINT = String.raw`\{ *print(?: +${FIELD}(?:(?: *, *| *)${FIELD})*)? *;? *\}`;
const AWK = new RegExp(`^ *(?:${CONDITION}|${CONDITION}? *${PRINT}) *$`);

/** What takes in other files, shows the environment or may never end. */
const JQ_REFUSED =
  /\$\s*ENV|(?<![.\w$])env\b|\b(?:import|include|modulemeta|input_filename|def|repeat|infinite|range|while|until|recurse)\b/;

/** Programs that print files or their input in another form, or find lines in them. */
export const text: Programs = {
  awk: { values: { "-F": /^[^-]/ }, operands: [AWK], rest: "path", minOperands: 1 },
  cat: {
    letters: "AbeEnstTuv",
    words: "--number --number-nonblank --show-all --show-ends --show-tabs --show-nonprinting --squeeze-blank",
    rest: "path",
  },
  column: { letters: "tx", words: "--table", numbers: "-c", texts: "-s -o -N", rest: "path" },
  comm: { letters: "123i", words: "--nocheck-order --total", operands: ["path", "path"] },
  cut: {
    letters: "ns",
    words: "--only-delimited --complement",
    texts: "-d --delimiter --output-delimiter",
    values: { "-b": LIST, "-c": LIST, "-f": LIST, "--bytes": LIST, "--characters": LIST, "--fields": LIST },
    rest: "path",
  },
  // It prints any word, "---" too.
  echo: { grammar: (words) => bareCall("echo", words), isBuiltin: true },
  egrep: { ...grep, runs: ["grep", "-E"] },
  expand: { letters: "i", values: { "-t": TABS, "--tabs": TABS }, rest: "path" },
  fgrep: { ...grep, runs: ["grep", "-F"] },
  fold: { letters: "bs", words: "--spaces", numbers: "-w --width", rest: "path" },
  grep,
  head: ends,
  // Not -L and -f. A filter can compute a value of any size.
  jq: {
    first: LIMITED,
    letters: "acCeMnrRsSj",
    words:
      "--tab --slurp --raw-output --raw-input --compact-output --null-input --exit-status --sort-keys --join-output",
    numbers: "--indent",
    operands: ["text"],
    rest: "path",
    check: ({ operands: [filter = ""] }) => {
      const [word] = JQ_REFUSED.exec(filter) ?? [];
      if (word !== undefined) throw notKnown("jq", word);
    },
  },
  nl: {
    letters: "p",
    numbers: "-v -i",
    texts: "-s",
    values: {
      ...{ "-b": /^(?:[atn]|p.*)$/s, "--body-numbering": ["a", "t", "n"] },
      ...{ "-n": ["ln", "rn", "rz"], "-w": /^\d{1,3}$/ },
    },
    rest: "path",
  },
  paste: { letters: "sz", words: "--serial", texts: "-d --delimiters", rest: "path" },
  // The program and not bash's own: that one sets variables (-v, %n).
  printf: { operands: [FORMAT], rest: "text", minOperands: 1 },
  rev: { rest: "path" },
  rg,
  // Not -i and -f.
  sed: {
    letters: "nErsuz",
    words: "--quiet --silent --regexp-extended --separate",
    values: { "-e": SED, "--expression": SED },
    operands: [SED],
    rest: "path",
    insteadOfOperands: ["-e", "--expression"],
    minOperands: 1,
  },
  seq: {
    letters: "w",
    words: "--equal-width",
    texts: "-s --separator",
    values: { "-f": FORMAT, "--format": FORMAT },
    // A number too large counts for days.
    operands: Array(3).fill(/^-?\d{1,5}(?:\.\d{1,2})?$/),
  },
  sort: {
    letters: "bcCdfghiMmnRrsuVz",
    words:
      "--reverse --unique --numeric-sort --human-numeric-sort --version-sort --general-numeric-sort " +
      "--ignore-case --ignore-leading-blanks --dictionary-order --month-sort --stable --check --zero-terminated",
    texts: "-k -t --key --field-separator",
    rest: "path",
  },
  tac: { letters: "br", texts: "-s --separator", rest: "path" },
  // Not -f and -F, which never end.
  tail: ends,
  tr: {
    letters: "cCdst",
    words: "--complement --delete --squeeze-repeats --truncate-set1",
    operands: ["text", "text"],
    minOperands: 1,
  },
  // A second operand is a file to write.
  uniq: {
    letters: "cdDiuz",
    words: "--count --repeated --ignore-case --unique",
    numbers: "-f -s -w --skip-fields --skip-chars --check-chars",
    operands: ["path"],
  },
  wc: {
    letters: "clLmw",
    words: "--bytes --chars --lines --words --max-line-length",
    values: { "--total": ["auto", "always", "only", "never"] },
    rest: "path",
  },
};
