import type { Usage } from "../usage.ts";

/** A format with a signature in it (%G) has gpg run; one with a large width fills the memory. */
const FORMAT = /^(?!.*(?:%[+\- ]?G|\d{5}))/s;
export const DATE = /^(?!.*\d{4})/s;
const SIMILARITY = /^\d*%?$/;
export const WHEN = ["auto", "always", "never"] as const;

/** How differences are shown. Not --output, --ext-diff, --textconv, --submodule, --no-index and -O. */
export const DIFF = {
  letters: "puswabzWR",
  words:
    "--stat --shortstat --numstat --dirstat --summary --compact-summary --name-only --name-status --patch --no-patch " +
    "--raw --minimal --patience --histogram --word-diff --no-color --no-renames --find-renames --find-copies " +
    "--full-index --binary --abbrev --text --pickaxe-all --pickaxe-regex --no-ext-diff --no-textconv --no-prefix " +
    "--ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines --ignore-cr-at-eol " +
    "--function-context --exit-code --quiet --patch-with-stat --check --color-words --no-indent-heuristic",
  numbers: "-l",
  texts: "-S -G",
  glued: {
    ...{ "-M": SIMILARITY, "-C": SIMILARITY, "--find-renames": SIMILARITY, "--find-copies": SIMILARITY },
    ...{ "-B": /^[\d/%]*$/, "--stat": /^[\d,]+$/, "--diff-filter": /^[A-Za-z]+$/, "--color": WHEN },
    ...{ "-U": "number", "--unified": "number", "--abbrev": "number", "--stat-width": "number" },
    ...{ "--inter-hunk-context": "number", "--diff-algorithm": "text", "--dirstat": "text" },
    "--word-diff": ["color", "plain", "porcelain", "none"],
  },
} satisfies Usage;

/** Which commits are shown, and how. */
export const LOG = {
  letters: `${DIFF.letters}giEFPmc`,
  words:
    `${DIFF.words} --oneline --graph --decorate --no-decorate --all --branches --tags --remotes --merges ` +
    "--no-merges --first-parent --reverse --follow --date-order --topo-order --author-date-order --full-history " +
    "--simplify-merges --cherry-pick --cherry-mark --cherry --left-right --left-only --right-only --boundary " +
    "--no-walk --abbrev-commit --no-abbrev-commit --parents --children --relative-date --walk-reflogs --reflog " +
    "--regexp-ignore-case --fixed-strings --extended-regexp --perl-regexp --invert-grep --all-match --source " +
    "--no-notes --use-mailmap --no-mailmap --clear-decorations --cc --ancestry-path --pretty --count",
  numbers: `${DIFF.numbers} -n --max-count --skip`,
  texts: `${DIFF.texts} --since --after --until --before --author --committer --grep`,
  values: { "--date": DATE },
  glued: {
    ...DIFF.glued,
    ...{ "--format": FORMAT, "--pretty": FORMAT, "--decorate": ["short", "full", "auto", "no"] },
    ...{ "--encoding": "text", "--branches": "text", "--tags": "text", "--remotes": "text" },
    "--min-parents": "number",
  },
  digits: true,
} satisfies Usage;

/** How branches, tags and other names are listed. */
export const REFS = {
  words: "--no-color --no-column --ignore-case --merged --no-merged --contains --no-contains --omit-empty",
  numbers: "--count",
  texts: "--points-at",
  values: {
    "--sort": /^(?!.*(?:signature|raw))[\w:.-]+$/,
    // %(raw) is a file's content, where the name is a file's.
    "--format": /^(?!.*(?:signature|raw|%G|\d{5}))/s,
  },
  glued: {
    ...{ "--contains": "text", "--no-contains": "text", "--merged": "text", "--no-merged": "text" },
    ...{ "--color": WHEN, "--abbrev": "number", "--column": "text" },
  },
} satisfies Usage;
