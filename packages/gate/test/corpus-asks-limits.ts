import type { Trick } from "./corpus-trick.ts";

/** What fills the memory or the screen, and paths where nobody looks for one. */
export const limits: readonly Trick[] = [
  {
    trick: "a width that fills the memory",
    commands: [
      ["date +%1000000000d", "a gigabyte of zeros"],
      ["ls -l --time-style=+%1000000000d", "for each file"],
      ["git log --date=format:%1000000000d", "for each commit"],
      ["git blame --date=format:%1000000000d README.md", "for each line"],
      ["git for-each-ref --format='%(align:1000000000)a%(end)'", "for each name"],
      ["git branch --format='%(align:width=1000000000,position=left)a%(end)'", "for each branch"],
      ["expand -t 1000000000 README.md", "for each tab"],
      ["diff -y -W 1000000000 README.md notes.txt", "for each line"],
      ["rg -j 100000 parse", "as many threads"],
      ["rg --threads=1000000 parse", "as many threads"],
      ["git grep --threads 1000000 parse", "as many threads"],
    ],
  },
  {
    trick: "a repetition of repetitions",
    commands: [
      ["grep -E '(((a{1,99}){1,99}){1,99}){1,99}' README.md", "96 million letters"],
      ["grep 'a\\{1,200\\}\\{1,200\\}' README.md", "with backslashes"],
      ["sed -nE '/((a{1,99}){1,99}){,99}/p' README.md", "the first number may be missing"],
      ["find . -regextype posix-extended -regex '(a{99}){999,}'", "the second one, too"],
      ["git grep -E 'a{1,32767}'", "6 GB for a single one"],
      ["git log -G '(a{1,300}){1,300}'", "for each commit"],
      ["nl -b 'p\\(a\\{1,300\\}\\)\\{1,300\\}' README.md", "for each line"],
    ],
  },
  {
    trick: "a path where another edition sees one",
    commands: [
      ["ls -I ../outside", "on a Mac -I has no value"],
      ["ls -I ..", "on a Mac -I has no value"],
      ["tree --sort ../outside", "old ones want an equals sign"],
      ["tree -P ../outside", "a pattern is no path"],
      ["date -d 'TZ=\"../outside/canary.txt\" 12:00'", "a time zone is a file"],
      ["date --date='tz=\"../outside/canary.txt\" 12:00'", "a time zone is a file"],
    ],
  },
  {
    trick: "a copy of a secret in .git",
    commands: [
      ["cat .git/config.worktree", "its addresses"],
      ["cat .git/modules/sub/config", "a submodule's addresses"],
      ["xxd .git/objects/ab/cdef", "a file as it was committed, maybe as it is"],
      ["strings .git/modules/sub/objects/pack/pack-1.pack", "all files"],
      ["grep -r url nested/.git", "a repository in the repository"],
      ["rg url nested/.git", "a repository in the repository"],
      ["rg -uuu url nested/.git/config", "a repository in the repository"],
    ],
  },
  {
    trick: "a pattern that takes for ever",
    commands: [[`ls ./${"*a".repeat(40)}b`, "each star doubles the ways"]],
  },
  {
    trick: "a file in git by its kind",
    commands: [
      ["git cat-file blob HEAD", "a hash is no path"],
      ["git cat-file blob v1", "a tag is no path"],
      ["git cat-file -p -t HEAD", "two at once"],
    ],
  },
];
