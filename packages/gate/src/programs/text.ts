import { SECRETS } from "@eightfold/workspace";
import { bareCall, hasOption, type Program, type Table } from "../usage.ts";

/** Fields or lines: 1,3-5. */
const LIST = /^[\d,-]+$/;

/** A format that is not an option, and has no width that could fill the memory. */
const FORMAT = /^(?!-)(?:[^%]|%%|%[-+ #0]*\d{0,3}(?:\.\d{0,3})?[A-Za-mo-z])*$/s;

const TABS = /^\d{1,3}(?:,\d{1,3})*$/;

/** For grep, whose globs cannot be told to ignore case: both cases of each letter. */
const inBothCases = (glob: string) =>
  glob.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** Grep compares a glob with one name of a path. Where a name of our list has a folder in it, all of that folder is left out. */
const GREP_SECRETS = [...new Set([".git/**", ...SECRETS])].map((glob) => {
  const [name = "", inFolder] = glob.split("/");
  return `--exclude${inFolder ? "-dir" : ""}=${inBothCases(name)}`;
});
const RG_SECRETS = [".git/**", ...SECRETS].map((glob) => `--iglob=!**/${glob}`);

/** Not -R, which follows links, and not --devices, --directories and -z. */
const grep: Program = {
  flags: `-abcEFGHhiIlLnoPqrsTUvwxyZ --recursive --ignore-case --no-ignore-case --line-number --with-filename
    --no-filename --count --files-with-matches --files-without-match --only-matching --invert-match --word-regexp
    --line-regexp --extended-regexp --fixed-strings --basic-regexp --perl-regexp --quiet --silent --no-messages --text
    --null --initial-tab --byte-offset --line-buffered`,
  values: {
    "-A -B -C -m --after-context --before-context --context --max-count": "number",
    "-e --regexp --label --include --exclude --exclude-dir": "text",
    "-f --file": "path",
    "--binary-files": ["binary", "text", "without-match"],
  },
  glued: { "--color --colour": ["auto", "always", "never"] },
  digits: true,
  operands: ["text"],
  rest: "path",
  insteadOfOperands: "-e -f --regexp --file",
  leavesOut: (call) => (hasOption(call, "-r --recursive") ? GREP_SECRETS : []),
};

/** At most 4 GB, where a shell can limit that: for programs that keep in memory whatever they are given. */
const LIMITED = "builtin ulimit -v 4000000 2>/dev/null; ";

/**
 * Not --pre and --hostname-bin, which run a program, -z, which runs others, and -L, which follows links. It is limited because an
 * ignore file in some folder may be a link to a device, and rg reads it whole.
 */
const rg: Program = {
  first: LIMITED,
  flags: `-abcFHiIlnNoPpqsSuUvwx0. --text --count --count-matches --fixed-strings --with-filename --no-filename
    --ignore-case --line-number --no-line-number --only-matching --pcre2 --pretty --quiet --case-sensitive
    --smart-case --unrestricted --multiline --multiline-dotall --invert-match --word-regexp --line-regexp --null
    --hidden --no-hidden --no-ignore --no-ignore-vcs --no-ignore-parent --no-ignore-dot --files --files-with-matches
    --files-without-match --heading --no-heading --column --vimgrep --json --stats --trim --passthru --no-messages
    --no-config --byte-offset --one-file-system --type-list --crlf --glob-case-insensitive`,
  values: {
    "-A -B -C -m -M -d --after-context --before-context --context --max-count --max-columns": "number",
    "--max-depth --max-filesize": "number",
    "-e -g -t -T -r --regexp --glob --iglob --type --type-not --type-add --replace --encoding": "text",
    "--sort --sortr --color --colors": "text",
    "-f --file --ignore-file": "path",
    "-j --threads": /^\d{1,2}$/,
    "--engine": ["default", "pcre2", "auto"],
  },
  operands: ["text"],
  rest: "path",
  insteadOfOperands: "-e -f --regexp --file --files --type-list",
  // It prints a line of an ignore file that it cannot read, and --no-ignore-messages does not silence it about these.
  readsAbove: [".ignore", ".rgignore", ".gitignore"],
  leavesOut: () => ["--no-ignore-messages", ...RG_SECRETS],
};

/** Nothing escaped and nothing in brackets: editions of sed differ in where a pattern with those ends. */
const between = (mark: string) => String.raw`[^${mark}\\\n[\]]`;
const ADDRESS = String.raw`(?:\d+|\$|/${between("/")}+/)`;
/** Lines to print, delete or count up to, and plain replacements: no command of sed that writes or runs (w, e, s///e). */
const COMMAND = String.raw`(?:${ADDRESS}(?:,(?:${ADDRESS}|\+\d+))?)? ?(?:[pdq=]|!d|!p|${["/", "\\|", "#", ","]
  .map((mark) => `s${mark}${between(mark)}*${mark}${between(mark)}*${mark}[gpI\\d]*`)
  .join("|")})`;
const SED = new RegExp(`^ *${COMMAND}(?: *; *${COMMAND})*;? *$`);

/** Fields to print, in a part of awk's language that can neither write nor run anything. */
const FIELD = String.raw`(?:\$(?:\d+|NF|\(NF-\d+\))|NR|NF|"[^"\\]*")`;
const CONDITION = String.raw`(?:(?:NR|NF|length) *(?:==|<=|>=|>|<|!=) *\d+(?: *&& *NR *(?:<=|<) *\d+)?|/[^/\\[\]]+/)`;
const PRINT = String.raw`\{ *print(?: +${FIELD}(?:(?: *, *| *)${FIELD})*)? *;? *\}`;
const AWK = new RegExp(`^ *(?:${CONDITION}|${CONDITION}? *${PRINT}) *$`);

/** What takes in other files, shows the environment or may never end. */
const JQ_REFUSED =
  /\$\s*ENV|(?<![.\w$])env\b|\b(?:import|include|modulemeta|input_filename|def|repeat|infinite|range|while|until|recurse)\b/;

/** Programs that print files or their input in another form, or find lines in them. */
export const text: Table<Program> = {
  awk: { values: { "-F": /^[^-]/ }, operands: [AWK], rest: "path", minOperands: 1 },
  cat: {
    flags: `-AbeEnstTuv --number --number-nonblank --show-all --show-ends --show-tabs --show-nonprinting
      --squeeze-blank`,
    rest: "path",
  },
  column: { flags: "-tx --table", values: { "-c": "number", "-s -o -N": "text" }, rest: "path" },
  comm: { flags: "-123i --nocheck-order --total", operands: ["path", "path"] },
  cut: {
    flags: "-ns --only-delimited --complement",
    values: { "-d --delimiter --output-delimiter": "text", "-b -c -f --bytes --characters --fields": LIST },
    rest: "path",
  },
  // It prints every word, even "--" or an option that it does not know.
  echo: { grammar: (words) => bareCall("echo", words), isBuiltin: true },
  // They may be scripts that look for grep on the PATH.
  egrep: { ...grep, runs: ["grep", "-E"] },
  fgrep: { ...grep, runs: ["grep", "-F"] },
  expand: { flags: "-i", values: { "-t --tabs": TABS }, rest: "path" },
  fold: { flags: "-bs --spaces", values: { "-w --width": "number" }, rest: "path" },
  grep,
  // Not -f and -F, with which tail never ends.
  "head tail": {
    flags: "-qvz --quiet --silent --verbose",
    values: { "-n -c --lines --bytes": "number" },
    digits: true,
    rest: "path",
  },
  // Not -L and -f. It is limited because a filter can compute a value of any size.
  jq: {
    first: LIMITED,
    flags: `-acCeMnrRsSj --tab --slurp --raw-output --raw-input --compact-output --null-input --exit-status
      --sort-keys --join-output`,
    values: { "--indent": "number" },
    operands: ["text"],
    rest: "path",
    refuses: ({ operands: [filter = ""] }) => JQ_REFUSED.exec(filter)?.[0],
  },
  nl: {
    flags: "-p",
    values: {
      "-v -i": "number",
      "-s": "text",
      "-b": /^(?:[atn]|p.*)$/s,
      "--body-numbering": ["a", "t", "n"],
      "-n": ["ln", "rn", "rz"],
      "-w": /^\d{1,3}$/,
    },
    rest: "path",
  },
  paste: { flags: "-sz --serial", values: { "-d --delimiters": "text" }, rest: "path" },
  // The program, and not bash's own command, which sets variables (-v, %n).
  printf: { operands: [FORMAT], rest: "text", minOperands: 1 },
  rev: { rest: "path" },
  rg,
  // Not -i and -f.
  sed: {
    flags: "-nErsuz --quiet --silent --regexp-extended --separate",
    values: { "-e --expression": SED },
    operands: [SED],
    rest: "path",
    insteadOfOperands: "-e --expression",
    minOperands: 1,
  },
  seq: {
    flags: "-w --equal-width",
    values: { "-s --separator": "text", "-f --format": FORMAT },
    // To count to a larger number could take days.
    operands: Array(3).fill(/^-?\d{1,5}(?:\.\d{1,2})?$/),
  },
  sort: {
    flags: `-bcCdfghiMmnRrsuVz --reverse --unique --numeric-sort --human-numeric-sort --version-sort
      --general-numeric-sort --ignore-case --ignore-leading-blanks --dictionary-order --month-sort --stable --check
      --zero-terminated`,
    values: { "-k -t --key --field-separator": "text" },
    rest: "path",
  },
  tac: { flags: "-br", values: { "-s --separator": "text" }, rest: "path" },
  tr: {
    flags: "-cCdst --complement --delete --squeeze-repeats --truncate-set1",
    operands: ["text", "text"],
    minOperands: 1,
  },
  // A second operand is a file to write.
  uniq: {
    flags: "-cdDiuz --count --repeated --ignore-case --unique",
    values: { "-f -s -w --skip-fields --skip-chars --check-chars": "number" },
    operands: ["path"],
  },
  wc: {
    flags: "-clLmw --bytes --chars --lines --words --max-line-length",
    values: { "--total": ["auto", "always", "only", "never"] },
    rest: "path",
  },
};
