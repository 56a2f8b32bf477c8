import { openWorkspace } from "@eightfold/workspace";
import { commitAll, gitAt, repositoryWith } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { runWhatReads } from "../test/corpus-run.ts";

const SECRET = "SECRET-MARK-91bc";

const NOTED = [
  ...[
    "git log",
    "git show",
    "git show HEAD~1",
    "git log --format=%N",
    "git reflog --format=%N",
    "git log -p",
  ],
  ...[
    "git log --pretty=fuller",
    "git rev-list HEAD --pretty=%N",
    "git shortlog HEAD --format=%N",
    "git log -g",
  ],
];

test("no note shows a secret", async () => {
  const root = await repositoryWith({ "README.md": "words\n" });
  await writeFiles(root, { id_rsa: `${SECRET}\n` });
  await commitAll(root, "Second");
  await gitAt(root, "notes", "add", "-C", "HEAD:id_rsa", "HEAD");
  await gitAt(root, "notes", "--ref=keys", "add", "-C", "HEAD:id_rsa", "HEAD~1");
  await gitAt(root, "config", "notes.displayRef", "refs/notes/*");
  const workspace = await openWorkspace(root);
  const said = await runWhatReads([...NOTED, "git log --format='%s' -2"], workspace);
  expect(said.filter((one) => one && (one.stdout + one.stderr).includes(SECRET))).toEqual([]);
  expect(said.at(-1)).toEqual({ code: 0, stdout: "Second\nFirst words\n", stderr: "" });
});

test("a repository without a commit is compared with nothing", async () => {
  const root = await repositoryWith({ "README.md": "words\n" });
  await gitAt(root, "checkout", "--quiet", "--orphan", "other");
  const workspace = await openWorkspace(root);
  const [diff] = await runWhatReads(["git diff --cached --stat"], workspace);
  expect(diff?.stdout).toContain("1 file changed");
});

test("what names lead to is shown as git shows it", async () => {
  const root = await repositoryWith({ "README.md": "words\n", "src/a.txt": "a\n" });
  await gitAt(root, "tag", "-a", "-m", "Tagged", "v1");
  const workspace = await openWorkspace(root);
  const commands = [
    ...[
      "git show v1:src/a.txt",
      "git show @:README.md",
      "git cat-file -p 'HEAD^{tree}'",
      "git diff v1...HEAD --stat",
    ],
    ...["git show --format=%s -s 'HEAD^{/First}'", "git diff ..v1 --stat", "git grep words v1 -- README.md"],
    ...[
      "git show --format=%s -s main@{0}",
      "git show :README.md",
      "git show :0:README.md",
      "git show HEAD^!",
    ],
  ];
  const said = await runWhatReads(commands, workspace);
  expect(said.map((one) => one?.code)).toEqual(commands.map(() => 0));
  expect(said[0]?.stdout).toContain("a");
});
