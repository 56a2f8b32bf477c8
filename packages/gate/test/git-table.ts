/** For each of git's commands in the table: how it only reads, and what next to that does not. */
export const gitTable: Readonly<Record<string, { reads: readonly string[]; asks: readonly string[] }>> = {
  blame: { reads: ["blame -L 1,2 a.txt"], asks: ["blame --contents ../x a.txt", "blame .env"] },
  branch: {
    reads: ["branch -a", "branch --list 'm*'", "branch --contains HEAD", "branch --show-current"],
    asks: [
      "branch new",
      "branch -v new",
      "branch -l new",
      "branch -d main",
      "branch -m x",
      "branch --edit-description",
    ],
  },
  "cat-file": {
    reads: ["cat-file -p HEAD", "cat-file -p HEAD:a.txt", "cat-file -t HEAD"],
    asks: [
      "cat-file -p HEAD:.env",
      "cat-file -p :0:.npmrc",
      "cat-file --textconv HEAD:a.txt",
      "cat-file --batch",
    ],
  },
  "check-ignore": { reads: ["check-ignore -v a.txt"], asks: ["check-ignore --stdin", "check-ignore ../x"] },
  config: {
    reads: ["config user.name", "config --get user.email"],
    asks: ["config user.name Ada", "config --list", "config http.extraheader", "config --unset user.name"],
  },
  "count-objects": { reads: ["count-objects -vH"], asks: ["count-objects x"] },
  describe: { reads: ["describe --tags --always"], asks: ["describe --dirty", "describe --broken"] },
  diff: {
    reads: ["diff", "diff HEAD -- src", "diff --cached --stat", "diff main...HEAD a.txt"],
    asks: [
      "diff --output=x",
      "diff --ext-diff",
      "diff --textconv",
      "diff --no-index a.txt src/b.txt",
      "diff ../x",
    ],
  },
  "for-each-ref": {
    reads: ["for-each-ref --sort=-committerdate --format='%(refname)'"],
    asks: ["for-each-ref --format='%(signature)'", "for-each-ref --shell"],
  },
  grep: {
    reads: ["grep -n one", "grep -e one -- src", "grep one HEAD"],
    asks: [
      "grep -O one",
      "grep --open-files-in-pager=sh one",
      "grep --no-index one ..",
      "grep -f .env",
      "grep -- -O",
    ],
  },
  log: {
    reads: ["log --oneline -5", "log -p -- a.txt", "log --format='%h %s'", "log --all --graph"],
    asks: [
      "log --output=x",
      "log --format=%G?",
      "log --show-signature",
      "log -p --follow a.txt",
      "log -L1,2:../x",
      "log -L1,2:a.txt",
    ],
  },
  "ls-files": { reads: ["ls-files -o --exclude-standard"], asks: ["ls-files -X ../x", "ls-files ../x"] },
  "ls-tree": { reads: ["ls-tree -r HEAD --name-only"], asks: ["ls-tree --format=x HEAD"] },
  "merge-base": { reads: ["merge-base main HEAD"], asks: ["merge-base --x main HEAD"] },
  "name-rev": { reads: ["name-rev HEAD"], asks: ["name-rev --stdin"] },
  reflog: {
    reads: ["reflog", "reflog show -5"],
    asks: ["reflog expire --all", "reflog delete HEAD@{0}", "reflog -p"],
  },
  remote: {
    reads: ["remote -v"],
    asks: ["remote add x y", "remote update", "remote show origin", "remote rm x"],
  },
  "rev-list": { reads: ["rev-list --count HEAD"], asks: ["rev-list --use-bitmap-index HEAD"] },
  "rev-parse": {
    reads: ["rev-parse --short HEAD"],
    asks: ["rev-parse --parseopt", "rev-parse --sq-quote x"],
  },
  shortlog: { reads: ["shortlog -sn HEAD"], asks: ["shortlog --output=x HEAD"] },
  show: {
    reads: ["show", "show HEAD:a.txt", "show --stat HEAD"],
    asks: [
      "show HEAD:.env",
      "show HEAD:src/server.pem",
      "show --ext-diff",
      "show 'HEAD^{blob}'",
      "show @{1.day.ago:}:.npmrc",
    ],
  },
  "show-ref": { reads: ["show-ref --heads"], asks: ["show-ref --exclude-existing"] },
  stash: {
    reads: ["stash list", "stash show --stat"],
    asks: ["stash", "stash pop", "stash drop", "stash show -p", "stash show --text", "stash push"],
  },
  status: {
    reads: ["status -sb", "status --porcelain=v1 -uno", "status src"],
    asks: ["status -v", "status --ignore-submodules=none", "status ../x"],
  },
  "symbolic-ref": {
    reads: ["symbolic-ref --short HEAD"],
    asks: ["symbolic-ref HEAD refs/heads/x", "symbolic-ref -d HEAD"],
  },
  tag: {
    reads: ["tag", "tag -l 'v*'", "tag -n5"],
    asks: ["tag v1", "tag -d v1", "tag -v v1", "tag -a v1 -m x"],
  },
  version: { reads: ["version"], asks: ["version x"] },
  worktree: { reads: ["worktree list"], asks: ["worktree add x", "worktree prune"] },
};
