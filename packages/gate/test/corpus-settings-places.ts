import { execFile } from "node:child_process";
import { appendFile, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { type Attack, attributes, config, git, promisor, submodule } from "./corpus-settings-attack.ts";
import { OUTSIDE, SECRET } from "./corpus-workspace.ts";

/** Settings and whole repositories that are not where they seem to be. */
export const places: readonly Attack[] = [
  [
    "include.path",
    async (target) => {
      await writeFile(
        join(target.parent, "outside/config"),
        `[core]\n\tfsmonitor = ${target.trap}\n[diff]\n\texternal = ${target.trap}\n`,
      );
      await config(() => ({ "include.path": "../../outside/config" }))(target);
    },
  ],
  [
    "includeIf",
    async (target) => {
      await writeFiles(target.root, {
        included: `[core]\n\tfsmonitor = ${target.trap}\n[filter "x"]\n\tclean = ${target.trap}\n`,
      });
      await attributes(target, "* filter=x\n");
      await appendFile(join(target.root, ".git/config"), '[includeIf "gitdir:**"]\n\tpath = ../included\n');
    },
  ],
  [
    "config.worktree",
    async (target) => {
      await config(() => ({ "core.repositoryFormatVersion": "1", "extensions.worktreeConfig": "true" }))(
        target,
      );
      await attributes(target, "* filter=x diff=x\n");
      const settings = `[core]\n\tfsmonitor = ${target.trap}\n[filter "x"]\n\tclean = ${target.trap}\n[diff "x"]\n\ttextconv = ${target.trap}\n`;
      await writeFiles(target.root, { ".git/config.worktree": settings });
    },
  ],
  [
    "core.worktree",
    async (target) => {
      await writeFile(join(target.parent, "outside/README.md"), OUTSIDE);
      await config(({ parent }) => ({ "core.worktree": join(parent, "outside") }))(target);
    },
  ],
  [
    "core.worktree, one up",
    async (target) => {
      await writeFile(join(target.parent, "README.md"), OUTSIDE);
      await config(() => ({ "core.worktree": "../.." }))(target);
    },
  ],
  ["core.bare", config(() => ({ "core.bare": "true" }))],
  [
    "a submodule with a file system monitor",
    (target) => submodule(target, { "core.fsmonitor": target.trap }),
  ],
  [
    "a submodule with filters",
    (target) => submodule(target, { "filter.x.clean": target.trap, "diff.x.textconv": target.trap }),
  ],
  [
    "a submodule that is shown as a diff",
    async (target) => {
      await submodule(target, {
        "diff.external": target.trap,
        "diff.x.textconv": target.trap,
        "filter.x.clean": target.trap,
      });
      const shown = {
        "diff.submodule": "diff",
        "status.submoduleSummary": "true",
        "submodule.recurse": "true",
      };
      await config(() => shown)(target);
    },
  ],
  [
    "programs for other occasions",
    async (target) => {
      await writeFiles(target.root, { ".git/objects/info/alternates": join(target.root, ".git/objects") });
      await config(({ trap, root }) => ({
        "core.alternateRefsCommand": trap,
        "core.askPass": trap,
        "core.editor": trap,
        "core.gitProxy": trap,
        "core.pager": trap,
        "core.sshCommand": trap,
        "credential.helper": `!${trap}`,
        "difftool.x.cmd": trap,
        "interactive.diffFilter": trap,
        "pager.log": trap,
        "remote.origin.url": "ssh://host/a",
        "trace2.eventTarget": join(root, "made"),
        "trailer.x.command": trap,
      }))(target);
    },
  ],
  ["objects left at their origin", promisor],
  ["blame.ignoreRevsFile", config(() => ({ "blame.ignoreRevsFile": "../outside/canary.txt" }))],
  ["blame.ignoreRevsFile, a secret", config(() => ({ "blame.ignoreRevsFile": ".env" }))],
  [
    "a token in a remote's address",
    config(() => ({ "remote.origin.url": `https://ada:${SECRET}@example.org/words.git` })),
  ],
  [
    "files of rules that lie outside",
    config(() => ({
      "core.excludesFile": "../outside/canary.txt",
      "diff.orderFile": "../outside/canary.txt",
      "mailmap.file": "../outside/canary.txt",
    })),
  ],
  ...["packed-refs", "shallow", "info/grafts", "info/attributes", "HEAD"].map(
    (file): Attack => [
      `.git/${file} is a link to a file outside`,
      async ({ root }) => {
        await rm(join(root, ".git", file), { force: true });
        await symlink(join(root, "../outside/canary.txt"), join(root, ".git", file));
      },
    ],
  ),
  ["an index that is split", (target) => git(target, "update-index", "--split-index")],
  [
    "an index with a cache of what is untracked",
    (target) => git(target, "update-index", "--force-untracked-cache"),
  ],
  [
    ".git is a file that points elsewhere",
    async ({ root, parent }) => {
      await rename(join(root, ".git"), join(parent, "outside/git"));
      await writeFiles(root, { ".git": "gitdir: ../outside/git\n" });
    },
  ],
  [
    ".git is a link that points elsewhere",
    async ({ root, parent }) => {
      await rename(join(root, ".git"), join(parent, "outside/git"));
      await symlink("../outside/git", join(root, ".git"));
    },
  ],
  [
    "commondir points elsewhere",
    async (target) => {
      const { root, parent } = target;
      await promisify(execFile)("cp", ["-r", join(root, ".git"), join(parent, "outside/git")]);
      await writeFile(join(parent, "outside/git/config"), `[core]\n\tfsmonitor = ${target.trap}\n`);
      await writeFiles(root, { ".git/commondir": "../../outside/git\n" });
    },
  ],
  [
    "the root is a bare repository",
    async ({ root, trap }) => {
      await rm(join(root, "config"), { recursive: true });
      for (const name of await readdir(join(root, ".git")))
        await rename(join(root, ".git", name), join(root, name));
      await rm(join(root, ".git"), { recursive: true });
      await appendFile(
        join(root, "config"),
        `[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${trap}\n`,
      );
    },
  ],
  [
    "the repository is that of a folder above",
    async ({ root, parent, trap }) => {
      await rename(join(root, ".git"), join(parent, ".git"));
      await appendFile(join(parent, ".git/config"), `[core]\n\tfsmonitor = ${trap}\n`);
      await gitAt(parent, "-c", "core.fsmonitor=", "add", "outside");
    },
  ],
  [
    "an empty .git, below another repository",
    async ({ root, parent }) => {
      await rename(join(root, ".git"), join(parent, ".git"));
      await mkdir(join(root, ".git"));
      await gitAt(parent, "add", "outside");
    },
  ],
  [
    "a filter whose name no environment takes",
    async (target) => {
      await attributes(target, "* filter=x\n");
      const names = `[filter "${"long".repeat(100_000)}"]\n\tclean = true\n`;
      await appendFile(join(target.root, ".git/config"), `${names}[filter "x"]\n\tclean = ${target.trap}\n`);
    },
  ],
  [
    "a filter with a line break in its name",
    async (target) => {
      await attributes(target, "* filter=x\n");
      await appendFile(
        join(target.root, ".git/config"),
        `[filter "x"]\n\tclean = ${target.trap}\n[FILTER "y"] CLEAN = ${target.trap}\n`,
      );
    },
  ],
  [
    "settings in capitals",
    async (target) => {
      await attributes(target, "* filter=x diff=x\n");
      await appendFile(
        join(target.root, ".git/config"),
        `[CORE]\n\tFSMONITOR = ${target.trap}\n[DIFF]\n\tEXTERNAL = ${target.trap}\n[Filter "x"]\n\tClean = ${target.trap}\n[diff.x]\n\ttextConv = ${target.trap}\n`,
      );
    },
  ],
  [
    "a tracked .gitattributes",
    async (target) => {
      await writeFiles(target.root, {
        ".gitattributes": "* filter=x diff=x\n",
        "src/.gitattributes": "* diff=y\n",
      });
      await git(target, "add", ".gitattributes", "src/.gitattributes");
      await config(({ trap }) => ({
        "filter.x.clean": trap,
        "diff.x.textconv": trap,
        "diff.y.textconv": trap,
      }))(target);
    },
  ],
];
