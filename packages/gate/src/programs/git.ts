import { type Call, hasOption, lists, type Table, type Usage } from "../usage.ts";
import { DATE, DIFF, LOG, LOG_WORDS, REFS, WHEN } from "./git-options.ts";

/** One of git's own commands. Its operands, where `rest` is "path", may be names of commits too. */
export interface GitCommand extends Usage {
  /** Whether a call shows what is in files: then those that may hold secrets are left out. */
  readonly showsFiles?: (call: Call) => boolean;
  /** Whether an operand may be `commit:path`. */
  readonly takesObjects?: boolean;
  /** Whether it shows any object: then each name is made to mean a commit. */
  readonly showsObjects?: (call: Call) => boolean;
  /** What it shows when no commit is named. */
  readonly showsByDefault?: (call: Call) => readonly string[];
  /** Whether addresses of remotes are shown, which may hold a token. */
  readonly showsRemotes?: boolean;
  /** Words that are added after the command's name. */
  readonly adds?: readonly string[];
}

const SUMMARIES = "--stat --shortstat --numstat --name-only --name-status";
const ALL_NAMES = "--all --branches --tags --remotes --reflog --walk-reflogs -g";
/** With an operand and none of these, a branch or a tag would be made. Before git 2.19, `branch -l` made one. */
const LISTS = "--list --contains --no-contains --merged --no-merged --points-at";
/** What shows the lines of files, or tells whether a text was added or removed somewhere. In most commands -c does so too. */
const PATCH = `-S -G -p -u -U -W -m --patch --unified --function-context --word-diff --binary --cc --patch-with-stat
  --check --color-words`;

/** Git asks nothing of a submodule, whose own configuration may run programs. */
const NO_SUBMODULES = "--ignore-submodules=dirty";
const PLAIN_DIFF = ["--no-ext-diff", "--no-textconv"];

const always = (): boolean => true;
const showsPatch = (call: Call): boolean => hasOption(call, `${PATCH} -c`);
/** Refuses all of a call that is not as it must be. */
const unless = (isAllowed: (call: Call) => boolean) => (call: Call) =>
  isAllowed(call) ? undefined : call.operands.join(" ");
const noPatch = unless((call) => !showsPatch(call));

export const gitCommands: Table<GitCommand> = {
  blame: {
    flags: `-bcefhlnpstw --porcelain --line-porcelain --incremental --show-email --show-name --show-number --root
      --minimal`,
    values: { "-L --since --ignore-rev": "text", "--date": DATE },
    glued: { "--abbrev -M -C": "number" },
    rest: "path",
    // It prints a line of a file of hashes that it cannot read.
    adds: ["--no-textconv", "--no-ignore-revs-file"],
  },
  branch: {
    ...REFS,
    flags: `-arvi ${REFS.flags} --list --all --remotes --verbose --show-current`,
    rest: "text",
    refuses: unless((call) => call.operands.length === 0 || hasOption(call, LISTS)),
  },
  "cat-file": {
    flags: "-ptse",
    rest: "path",
    takesObjects: true,
    showsObjects: (call) => hasOption(call, "-p"),
    // The first of two operands is a kind: the file behind a hash is shown as that.
    refuses: unless((call) => call.operands.length === 1 && call.options.length === 1),
  },
  "check-ignore": {
    opensNoFile: true,
    flags: "-vn --verbose --non-matching --no-index",
    rest: "path",
    minOperands: 1,
  },
  // One key that is not a secret: a second operand would set it.
  config: {
    flags: "--get",
    operands: [
      /^(?:user\.(?:name|email)|init\.defaultbranch|remote\.[\w-]+\.url|branch\.[\w/-]+\.(?:remote|merge))$/i,
    ],
    minOperands: 1,
    showsRemotes: true,
  },
  "count-objects": { flags: "-vH --verbose --human-readable" },
  // Not --dirty and --broken, which write the index.
  describe: {
    flags: "--tags --all --always --long --exact-match --contains --first-parent",
    values: { "--candidates": "number", "--match --exclude": "text" },
    glued: { "--abbrev": "number" },
    rest: "path",
  },
  diff: {
    ...DIFF,
    flags: `${DIFF.flags} --cached --staged --merge-base`,
    rest: "path",
    showsFiles: always,
    showsObjects: always,
    showsByDefault: (call) => (hasOption(call, "--cached --staged") ? ["HEAD^0"] : []),
    adds: [...PLAIN_DIFF, NO_SUBMODULES],
  },
  "for-each-ref": { ...REFS, rest: "text" },
  grep: {
    flags: `-aEFGHhIiLlnopPqvWwcz --cached --untracked --column --count --heading --break --line-number --name-only
      --files-with-matches --files-without-match --only-matching --function-context --show-function --ignore-case
      --word-regexp --extended-regexp --fixed-strings --perl-regexp --basic-regexp --full-name --all-match --quiet
      --invert-match --no-color --null --and --or --not --text --no-textconv`,
    values: {
      "-A -B -C -m --max-depth --max-count --context --after-context --before-context": "number",
      "-e": "text",
      "--threads": /^\d{1,2}$/,
    },
    glued: { "--color": WHEN },
    digits: true,
    operands: ["text"],
    rest: "path",
    insteadOfOperands: "-e",
    showsFiles: always,
    showsObjects: always,
  },
  // Not -L, which shows a file under the names that it had before, and takes no list of what to leave out.
  log: {
    ...LOG,
    rest: "path",
    showsFiles: showsPatch,
    adds: PLAIN_DIFF,
    refuses: unless((call) => !(hasOption(call, "--follow") && showsPatch(call))),
  },
  "ls-files": {
    opensNoFile: true,
    flags: `-cdomikstuvz --cached --deleted --modified --others --ignored --stage --unmerged --killed
      --exclude-standard --full-name --error-unmatch --directory --no-empty-directory --eol --deduplicate`,
    values: { "-x --exclude": "text" },
    glued: { "--abbrev": "number" },
    rest: "path",
  },
  "ls-tree": {
    flags: "-drtlz --name-only --name-status --full-name --full-tree --long --object-only",
    glued: { "--abbrev": "number" },
    rest: "path",
    takesObjects: true,
  },
  "merge-base": { flags: "-a --all --octopus --is-ancestor --fork-point --independent", rest: "path" },
  "name-rev": { flags: "--tags --name-only --always", rest: "path" },
  reflog: { ...LOG, operands: [["show"]], rest: "path", refuses: noPatch },
  remote: {
    flags: "-v --verbose",
    showsRemotes: true,
    operands: [["get-url"]],
    rest: /^[\w.-]+$/,
    refuses: unless((call) => call.operands.length < 3),
  },
  "rev-list": { ...LOG, flags: `-giEFP ${LOG_WORDS}`, rest: "path", refuses: noPatch },
  "rev-parse": {
    flags: `-q --show-toplevel --abbrev-ref --short --verify --git-dir --absolute-git-dir --is-inside-work-tree
      --show-prefix --is-inside-git-dir --is-bare-repository --is-shallow-repository --symbolic-full-name --symbolic
      --all --branches --tags --remotes --quiet --show-cdup --revs-only --no-revs --show-object-format
      --git-common-dir`,
    glued: { "--short": "number", "--abbrev-ref": ["strict", "loose"] },
    rest: "path",
    takesObjects: true,
  },
  shortlog: {
    ...LOG,
    flags: `-nsec ${LOG_WORDS} --numbered --email`,
    values: { "--since --until --author": "text" },
    rest: "path",
    // Here, -c groups by committer.
    refuses: unless((call) => !hasOption(call, PATCH)),
  },
  show: {
    ...LOG,
    rest: "path",
    takesObjects: true,
    showsFiles: always,
    showsObjects: always,
    showsByDefault: () => ["HEAD^0"],
    adds: PLAIN_DIFF,
    // Among all names there may be one that leads straight to a file.
    refuses: unless((call) => !hasOption(call, ALL_NAMES)),
  },
  "show-ref": {
    flags: "-dq --head --heads --tags --branches --hash --verify --quiet --dereference",
    rest: "text",
  },
  stash: {
    ...LOG,
    operands: [["list", "show"]],
    rest: /^(?:\d+|stash@\{\d+\})$/,
    minOperands: 1,
    // Any other option makes `show` print the changes themselves.
    refuses: unless(
      (call) =>
        !showsPatch(call) &&
        (call.operands[0] !== "show" || call.options.every((name) => lists(SUMMARIES, name))),
    ),
  },
  status: {
    opensNoFile: true,
    flags: `-sbz --short --branch --long --porcelain --ignored --show-stash --no-show-stash --ahead-behind
      --no-ahead-behind --no-renames --find-renames --untracked-files --no-column`,
    glued: {
      "-u --untracked-files": ["no", "normal", "all"],
      "--porcelain": ["1", "2", "v1", "v2"],
      "--ignored": ["traditional", "no", "matching"],
    },
    rest: "path",
    adds: [NO_SUBMODULES],
  },
  "symbolic-ref": { flags: "-q --short --quiet", operands: [/^[^-]/] },
  tag: {
    ...REFS,
    flags: `-li ${REFS.flags} --list`,
    glued: { ...REFS.glued, "-n": "number" },
    rest: "text",
    refuses: unless((call) => call.operands.length === 0 || hasOption(call, `${LISTS} -l`)),
  },
  version: { flags: "--build-options" },
  worktree: { flags: "-v --porcelain", operands: [["list"]], minOperands: 1 },
};
