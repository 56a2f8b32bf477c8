import { SECRET_NAMES, SECRET_PLACES } from "@eightfold/workspace";
import { type Call, has } from "../words.ts";
import type { Program, Programs } from "./program.ts";

const THREADS = /^\d{1,2}$/;
const WHEN = ["auto", "always", "never"] as const;

/** For grep, whose globs know no other way: both cases of each letter. */
const inBothCases = (glob: string) =>
  glob.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

const GREP_SECRETS = [...SECRET_PLACES, ...SECRET_NAMES].map((glob) => `--exclude=${inBothCases(glob)}`);
const GREP_PLACES = [".git", ...SECRET_PLACES].map((glob) => `--exclude-dir=${inBothCases(glob)}`);
const RG_SECRETS = [".git", ...SECRET_PLACES, ...SECRET_NAMES].map((glob) => `--iglob=!${glob}`);

/** Not -R, which follows links, and not --devices, --directories and -z. */
const grep: Program = {
  letters: "abcEFGhHiIlLnoPqrsTUvwxyZ",
  words:
    "--recursive --ignore-case --no-ignore-case --line-number --with-filename --no-filename --count " +
    "--files-with-matches --files-without-match --only-matching --invert-match --word-regexp --line-regexp " +
    "--extended-regexp --fixed-strings --basic-regexp --perl-regexp --quiet --silent --no-messages --text " +
    "--null --initial-tab --byte-offset --line-buffered",
  values: {
    ...{ "-A": "number", "-B": "number", "-C": "number", "-m": "number", "-e": "text", "-f": "path" },
    ...{ "--after-context": "number", "--before-context": "number", "--context": "number" },
    ...{ "--max-count": "number", "--regexp": "text", "--file": "path", "--label": "text" },
    ...{ "--include": "text", "--exclude": "text", "--exclude-dir": "text" },
    "--binary-files": ["binary", "text", "without-match"],
  },
  glued: { "--color": WHEN, "--colour": WHEN },
  digits: true,
  operands: ["text"],
  rest: "path",
  instead: ["-e", "-f", "--regexp", "--file"],
  leavesOut: (call) => (has(call, "-r", "--recursive") ? [...GREP_SECRETS, ...GREP_PLACES] : []),
};

/** Not --pre and --hostname-bin, which run a program, -z, which runs others, and -L, which follows links. */
const rg: Program = {
  letters: "abcFHiIlnNoPpqsSuUvwx0.",
  words:
    "--text --count --count-matches --fixed-strings --with-filename --no-filename --ignore-case --line-number " +
    "--no-line-number --only-matching --pcre2 --pretty --quiet --case-sensitive --smart-case --unrestricted " +
    "--multiline --multiline-dotall --invert-match --word-regexp --line-regexp --null --hidden --no-hidden " +
    "--no-ignore --no-ignore-vcs --no-ignore-parent --no-ignore-dot --files --files-with-matches " +
    "--files-without-match --heading --no-heading --column --vimgrep --json --stats --trim --passthru " +
    "--no-messages --no-config --byte-offset --one-file-system --type-list --crlf --glob-case-insensitive",
  values: {
    ...{ "-A": "number", "-B": "number", "-C": "number", "-m": "number", "-M": "number", "-d": "number" },
    ...{ "-e": "text", "-f": "path", "-g": "text", "-t": "text", "-T": "text", "-r": "text", "-j": THREADS },
    ...{ "--after-context": "number", "--before-context": "number", "--context": "number" },
    ...{ "--max-count": "number", "--max-columns": "number", "--max-depth": "number", "--threads": THREADS },
    ...{ "--regexp": "text", "--file": "path", "--glob": "text", "--iglob": "text", "--type": "text" },
    ...{ "--type-not": "text", "--type-add": "text", "--replace": "text", "--max-filesize": "number" },
    ...{ "--sort": "text", "--sortr": "text", "--color": "text", "--colors": "text", "--encoding": "text" },
    ...{ "--ignore-file": "path", "--engine": ["default", "pcre2", "auto"] },
  },
  operands: ["text"],
  rest: "path",
  instead: ["-e", "-f", "--regexp", "--file", "--files", "--type-list"],
  // A line of an ignore file that it cannot read, it prints. It is silent only about those below.
  readsAbove: [".ignore", ".rgignore", ".gitignore"],
  leavesOut: (_: Call) => ["--no-ignore-messages", ...RG_SECRETS],
};

/** Programs that find lines. */
export const search: Programs = {
  egrep: { ...grep, runs: ["grep", "-E"] },
  fgrep: { ...grep, runs: ["grep", "-F"] },
  grep,
  rg,
};
