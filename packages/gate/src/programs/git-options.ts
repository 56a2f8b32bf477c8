import type { Usage } from "../usage.ts";

/** A format with a signature in it (%G) has gpg run, and one with a large width fills the memory. */
const FORMAT = /^(?!.*(?:%[+\- ]?G|\d{5}))/s;
export const DATE = /^(?!.*\d{4})/s;
export const WHEN = ["auto", "always", "never"] as const;

/** How differences are shown. Not --output, --ext-diff, --textconv, --submodule, --no-index and -O. */
const DIFF_WORDS = `--stat --shortstat --numstat --dirstat --summary --compact-summary --name-only --name-status
  --patch --no-patch --raw --minimal --patience --histogram --word-diff --no-color --no-renames --find-renames
  --find-copies --full-index --binary --abbrev --text --pickaxe-all --pickaxe-regex --no-ext-diff --no-textconv
  --no-prefix --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines --ignore-cr-at-eol
  --function-context --exit-code --quiet --patch-with-stat --check --color-words --no-indent-heuristic`;
export const DIFF = {
  flags: `-puswabzWR ${DIFF_WORDS}`,
  values: { "-l": "number", "-S -G": "text" },
  glued: {
    "-M -C --find-renames --find-copies": /^\d*%?$/,
    "-B": /^[\d/%]*$/,
    "-U --unified --abbrev --stat-width --inter-hunk-context": "number",
    "--stat": /^[\d,]+$/,
    "--diff-filter": /^[A-Za-z]+$/,
    "--diff-algorithm --dirstat": "text",
    "--color": WHEN,
    "--word-diff": ["color", "plain", "porcelain", "none"],
  },
} satisfies Usage;

/** Which commits are shown, and how. */
export const LOG_WORDS = `${DIFF_WORDS} --oneline --graph --decorate --no-decorate --all --branches --tags --remotes
  --merges --no-merges --first-parent --reverse --follow --date-order --topo-order --author-date-order --full-history
  --simplify-merges --cherry-pick --cherry-mark --cherry --left-right --left-only --right-only --boundary --no-walk
  --abbrev-commit --no-abbrev-commit --parents --children --relative-date --walk-reflogs --reflog --regexp-ignore-case
  --fixed-strings --extended-regexp --perl-regexp --invert-grep --all-match --source --no-notes --use-mailmap
  --no-mailmap --clear-decorations --cc --ancestry-path --pretty --count`;
export const LOG = {
  flags: `-puswabzWRgiEFPmc ${LOG_WORDS}`,
  values: {
    ...DIFF.values,
    "-n --max-count --skip": "number",
    "--since --after --until --before --author --committer --grep": "text",
    "--date": DATE,
  },
  glued: {
    ...DIFF.glued,
    "--format --pretty": FORMAT,
    "--decorate": ["short", "full", "auto", "no"],
    "--encoding --branches --tags --remotes": "text",
    "--min-parents": "number",
  },
  digits: true,
} satisfies Usage;

/** How branches, tags and other names are listed. */
export const REFS = {
  flags: "--no-color --no-column --ignore-case --merged --no-merged --contains --no-contains --omit-empty",
  values: {
    "--count": "number",
    "--points-at": "text",
    "--sort": /^(?!.*(?:signature|raw))[\w:.-]+$/,
    // %(raw) is the content of a file, where a name leads to one.
    "--format": /^(?!.*(?:signature|raw|%G|\d{5}))/s,
  },
  glued: {
    "--contains --no-contains --merged --no-merged --column": "text",
    "--color": WHEN,
    "--abbrev": "number",
  },
} satisfies Usage;
