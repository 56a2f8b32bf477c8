import { openWorkspace } from "@eightfold/workspace";
import { commitAll, gitAt, repositoryWith } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { readingThat } from "../test/corpus-run.ts";

const SECRET = "SECRET-MARK-91bc";

/** Makes names, or no name at all, lead to the content of a secret file, or to a folder of such files. */
const ways: readonly (readonly [what: string, spoil: (root: string) => Promise<unknown>])[] = [
  [
    "names of files and folders",
    async (root) => {
      await gitAt(root, "tag", "keys", "HEAD:id_rsa");
      await gitAt(root, "tag", "-a", "-m", "x", "tagged", "HEAD:id_rsa");
      await gitAt(root, "tag", "folder", "HEAD:.ssh");
      await gitAt(root, "update-ref", "refs/other/keys", "HEAD:id_rsa");
      await gitAt(root, "update-ref", "refs/stash", "HEAD:id_rsa");
      const hash = await gitAt(root, "rev-parse", "HEAD:id_rsa");
      await writeFiles(root, { ".git/FETCH_HEAD": hash, ".git/refs/heads/branch": hash });
    },
  ],
  ["the branch that is checked out is a file", (root) => checkOut(root, "HEAD:id_rsa")],
  ["the branch that is checked out is a folder", (root) => checkOut(root, "HEAD:.ssh")],
  ["a file in the place of another", (root) => gitAt(root, "replace", "-f", "HEAD:README.md", "HEAD:id_rsa")],
];

async function checkOut(root: string, name: string): Promise<void> {
  await writeFiles(root, { ".git/refs/heads/main": await gitAt(root, "rev-parse", name) });
}

const NAMES = [
  ...["keys", "tagged", "refs/tags/keys", "branch", "refs/other/keys", "FETCH_HEAD", "stash", "HEAD", "@{0}"],
  ...[
    "tagged^{}",
    "keys^{blob}",
    "folder^{tree}",
    "tagged^{tag}",
    "keys^{object}",
    "^folder",
    "folder..",
    "..folder",
  ],
  ...["folder", "folder:config", "folder^{tree}:config", "folder:./config", "HEAD:config", "HEAD:README.md"],
  ...["'HEAD@{2030-01-01 10:00}'", "'HEAD@{2030-01-01 10:00}:config'", "'HEAD^{/Second}'", "'HEAD^{/: }'"],
  ...["HEAD HEAD:README.md", "'HEAD^{/Sec}:id_rsa'", "HEAD:README.md..HEAD", "blob", "blob keys"],
  ...["'main@{2030-01-01 10:00}^{tree}:config'", "'main@{1}..HEAD^{tree}'", "'main@{2030-01-01}^{/x}~1'"],
  ...["'main@{2030-01-01 10:00}:config}'", "HEAD:..", "main@{yesterday}^0^{tree}"],
];

const COMMANDS = [
  ...NAMES.flatMap((name) => [
    ...[
      `show ${name}`,
      `cat-file -p ${name}`,
      `cat-file ${name}`,
      `grep SECRET ${name}`,
      `grep -e SECRET ${name} --`,
    ],
    ...[`diff ${name}`, `diff HEAD~1 ${name}`, `diff --cached ${name}`, `log -p --no-walk ${name}`],
    ...[`show -g ${name}`, `stash show ${name}`, `blame ${name} -- README.md`],
  ]),
  ...["describe keys", "blame --ignore-rev keys README.md", "rev-list keys", "shortlog keys", "reflog stash"],
  ...["show", "show --all", "show --tags", "show --branches", "show --remotes", "show --reflog", "show -g"],
  ...[
    "show '--tags=key*'",
    "show '--branches=key*'",
    "show --stdin",
    "show --no-walk --all",
    "show -s --all",
  ],
  ...["log -p --all", "log -p --reflog", "log --all --no-walk -p", "diff --cached", "diff --staged", "diff"],
  ...["for-each-ref", "for-each-ref --format='%(raw)'", "for-each-ref --format='%(*raw)'", "tag -n9"],
  ...[
    "for-each-ref --format='%(contents)%(subject)%(body)%(contents:lines=9)'",
    "branch -avv",
    "show-ref -d",
  ],
  ...[
    "for-each-ref --format='%(raw:size)'",
    "for-each-ref --sort=raw",
    "for-each-ref --format='%(if)%(raw)%(end)'",
  ],
  ...["tag --format='%(raw)'", "branch --format='%(raw)'", "tag -n9 --points-at keys", "tag --contains keys"],
  ...["log", "log --format=%N", "reflog --format=%N", "reflog --pretty=medium", "stash list --format=%N"],
  ...[
    "stash list -p",
    "stash show",
    "stash show --stat",
    "show --format=%N",
    "log -3 --pretty=fuller",
    "blame README.md",
  ],
  ...[
    "rev-list --all --pretty=%N",
    "shortlog --all --format=%N",
    "grep SECRET",
    "grep --cached SECRET -- README.md",
  ],
];

test.for(ways)("no name shows a secret: %s", async ([, spoil]) => {
  const root = await repositoryWith({ "README.md": "# Parser\nwords\n" });
  await writeFiles(root, { id_rsa: `${SECRET}\n`, ".ssh/config": `${SECRET}\n` });
  await commitAll(root, "Second: keys");
  await spoil(root);
  const workspace = await openWorkspace(root);
  const commands = COMMANDS.map((command) => `git ${command}`);
  expect(await readingThat((output) => output.includes(SECRET), commands, workspace)).toEqual([]);
});
