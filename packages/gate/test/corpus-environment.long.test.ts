import { mkdir, rm, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readingThat } from "./corpus-run.ts";
import { changed, treeOf } from "./corpus-tree.ts";
import { buildScene, leaks, OUTSIDE, type Scene, SECRET, tripwire } from "./corpus-workspace.ts";

const commands = [
  "ls",
  "cd src && ls && cat index.ts",
  "cd util; cat text.ts",
  "cat README.md | head -3",
  "echo a && printf '%s' b",
  "test -f README.md && pwd",
  "rg parse",
  "rg --files",
  "grep -rn parse src",
  "find . -name '*.ts'",
  "sort names.txt | uniq -c",
  "jq .name package.json",
  "date",
  "node --version",
  "npm --version",
  "which node",
  "type ls",
  "git status",
  "git diff",
  "git log -p -2",
  "git show",
  "git blame README.md",
  "git branch -vv",
];

let scene: Scene;

beforeAll(async () => {
  scene = await buildScene();
});

beforeEach(async () => {
  vi.unstubAllEnvs();
  for (const name of await scene.tripped()) await rm(join(scene.parent, "marks", name));
  vi.stubEnv("PATH", scene.path);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await scene.remove();
});

/** Runs the commands that need no question: nothing is written, no trap runs, nothing is given away. */
async function expectHarmless(): Promise<void> {
  const before = await treeOf(scene.parent);
  const leaky = await readingThat(leaks, commands, scene.workspace);
  expect(await scene.tripped()).toEqual([]);
  expect(changed(before, await treeOf(scene.parent))).toEqual([]);
  expect(leaky).toEqual([]);
}

type Variables = Readonly<Record<string, string>>;

const environments: readonly [what: string, variables: (trap: string, parent: string) => Variables][] = [
  ["a script that bash reads first", (trap) => ({ BASH_ENV: trap, ENV: trap })],
  [
    "functions named like programs",
    (trap) => ({
      "BASH_FUNC_ls%%": `() { ${trap}; }`,
      "BASH_FUNC_cd%%": `() { ${trap}; }`,
      "BASH_FUNC_git%%": `() { ${trap}; }`,
      "BASH_FUNC_echo%%": `() { ${trap}; }`,
    }),
  ],
  ["a trace whose prompt runs a command", (trap) => ({ SHELLOPTS: "xtrace", PS4: `$(${trap})` })],
  ["options of bash", () => ({ BASHOPTS: "dotglob:extglob:expand_aliases", SHELLOPTS: "noglob:posix" })],
  [
    "another place for cd",
    (_, parent) => ({ CDPATH: [join(parent, "outside"), join(parent, "work/src")].join(":") }),
  ],
  [
    "programs of git",
    (trap) => ({
      GIT_EXTERNAL_DIFF: trap,
      GIT_PAGER: trap,
      PAGER: trap,
      GIT_SSH: trap,
      GIT_SSH_COMMAND: trap,
      GIT_ASKPASS: trap,
      GIT_EDITOR: trap,
      GIT_PROXY_COMMAND: trap,
    }),
  ],
  [
    "settings of git",
    (trap) => ({
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: trap,
      GIT_CONFIG_KEY_1: "diff.external",
      GIT_CONFIG_VALUE_1: trap,
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${trap}' 'diff.external'='${trap}'`,
    }),
  ],
  [
    "the user's own file of settings",
    (_, parent) => ({
      GIT_CONFIG_GLOBAL: join(parent, "home/.gitconfig"),
      HOME: join(parent, "home"),
    }),
  ],
  [
    "another repository",
    (_, parent) => ({
      GIT_DIR: `${parent}/none/.git`,
      GIT_WORK_TREE: `${parent}/outside`,
      GIT_INDEX_FILE: `${parent}/none/index`,
      GIT_OBJECT_DIRECTORY: `${parent}/none/objects`,
      GIT_CEILING_DIRECTORIES: "",
      GIT_NAMESPACE: "a",
    }),
  ],
  [
    "a file that git traces to",
    (_, parent) => ({
      GIT_TRACE: join(parent, "work/made"),
      GIT_TRACE2: join(parent, "work/made"),
      GIT_TRACE2_EVENT: join(parent, "work/made"),
      GIT_TRACE_SETUP: join(parent, "work/made"),
    }),
  ],
  ["another folder of git's programs", (_, parent) => ({ GIT_EXEC_PATH: join(parent, "work/bin") })],
  ["options of ripgrep in a file", (_, parent) => ({ RIPGREP_CONFIG_PATH: join(parent, "work/rgrc") })],
  [
    "options of other programs",
    (trap) => ({
      GREP_OPTIONS: "-f ../outside/canary.txt",
      LESSOPEN: `|${trap} %s`,
      NODE_OPTIONS: `--require=${trap}`,
      JQ_LIBRARY_PATH: trap,
      POSIXLY_CORRECT: "1",
      GLOBIGNORE: "*",
      COLUMNS: "1",
    }),
  ],
  ["keys", () => ({ NPM_TOKEN: SECRET, AWS_SECRET_ACCESS_KEY: SECRET, GH_TOKEN: OUTSIDE })],
  ["a file of time zones", (_, parent) => ({ TZ: `:${parent}/outside/canary.txt` })],
];

test.for(environments)("the environment changes nothing: %s", async ([, variables]) => {
  const { parent, workspace } = scene;
  const trap = await tripwire(parent, join(parent, "trap"));
  await writeFiles(workspace.root, { rgrc: `--pre=${trap}\n--hidden\n` });
  await tripwire(parent, join(workspace.root, "bin/git-status"));
  await writeFiles(parent, {
    "home/.gitconfig": `[core]\n\tfsmonitor = ${trap}\n[diff]\n\texternal = ${trap}\n`,
  });
  for (const [name, value] of Object.entries(variables(trap, parent))) vi.stubEnv(name, value);
  await expectHarmless();
});

const paths: readonly [what: string, path: (root: string, path: string) => string][] = [
  ["a folder of the workspace comes first", (root, path) => `${root}/bin${delimiter}${path}`],
  ["the current folder comes first", (_, path) => `.${delimiter}${path}`],
  ["an empty entry comes first", (_, path) => `${delimiter}${path}`],
  ["a relative folder comes first", (_, path) => `bin${delimiter}${path}`],
  ["a relative folder seen from src", (_, path) => `../bin${delimiter}${path}`],
  ["the folder of packages comes first", (root, path) => `${root}/node_modules/.bin${delimiter}${path}`],
  ["a way round leads in", (root, path) => `${dirname(root)}/outside/../work/bin${delimiter}${path}`],
  ["a link leads in", (root, path) => `${dirname(root)}/linked${delimiter}${path}`],
  ["each program is a link that leads in", (root, path) => `${dirname(root)}/links${delimiter}${path}`],
];

test.for(paths)("no program of the workspace runs: %s", async ([, pathOf]) => {
  const { parent, workspace } = scene;
  const names = [
    "ls",
    "cat",
    "git",
    "rg",
    "grep",
    "find",
    "node",
    "npm",
    "bash",
    "sh",
    "env",
    "head",
    "sort",
  ];
  await mkdir(join(parent, "links"), { recursive: true });
  await symlink(join(workspace.root, "bin"), join(parent, "linked")).catch(() => {});
  for (const name of names) {
    for (const folder of ["bin", ".", "node_modules/.bin", "src"]) {
      await tripwire(parent, join(workspace.root, folder, name));
    }
    await symlink(join(workspace.root, "bin", name), join(parent, "links", name)).catch(() => {});
  }
  vi.stubEnv("PATH", pathOf(workspace.root, scene.path));
  await expectHarmless();
});
