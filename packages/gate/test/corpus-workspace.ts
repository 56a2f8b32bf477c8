import { execFile } from "node:child_process";
import { access, chmod, cp, mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { openWorkspace, type Workspace } from "@eightfold/workspace";
import { commitAll, gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { rgPath } from "@vscode/ripgrep";
import { asks } from "./corpus-asks.ts";
import { reads } from "./corpus-reads.ts";

/** What is in every file outside the workspace, and in every secret: no output may show it. */
export const OUTSIDE = "OUTSIDE-MARK-7f3a";
export const SECRET = "SECRET-MARK-91bc";
const MARKS = new RegExp(`${OUTSIDE}|${SECRET}|root:x:0:0`);

export interface Scene {
  /** Holds all: the workspace in `work`, what is `outside`, a `home`, the `tools` that a machine may lack. */
  readonly parent: string;
  readonly workspace: Workspace;
  /** The PATH of the machine, then the tools. */
  readonly path: string;
  /** The names of the programs that ran and had no business to. */
  tripped(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Whether an output gives away what it must not. */
export function leaks(output: string): boolean {
  return MARKS.test(output);
}

/** A folder with a repository in it like any other: some commits, a change, a branch, a stash, an ignored `.env`. */
export async function buildScene(): Promise<Scene> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "eightfold-gate-")));
  const root = join(parent, "work");
  for (const folder of ["work", "home", "tmp", "marks"]) await mkdir(join(parent, folder));
  await writeFiles(join(parent, "outside"), OUTSIDE_FILES);
  await gitAt(root, "init", "--quiet", "--initial-branch=main", "--template="); // without the samples of hooks
  await mkdir(join(root, ".git/info"));
  await gitAt(root, "config", "user.name", "Ada");
  await writeFiles(root, FIRST);
  await commitAll(root, "First words");
  await gitAt(root, "tag", "v1");
  await gitAt(root, "branch", "side");
  await writeFiles(root, SECOND);
  await commitAll(root, "Texts are trimmed");
  await writeFiles(root, { "README.md": "# Parser\n\nput away\n" });
  await gitAt(root, "stash");
  await writeFiles(root, CHANGES);
  await writeFiles(root, SECRETS);
  return { ...(await sceneIn(parent)), path: await buildTools(parent) };
}

/** The same again, in a folder of its own; its tools are those of the first. */
export async function copyScene(scene: Scene): Promise<Scene> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "eightfold-gate-")));
  await cp(scene.parent, parent, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (path) => path !== join(scene.parent, "tools"),
  });
  return { ...scene, ...(await sceneIn(parent)) };
}

async function sceneIn(parent: string): Promise<Omit<Scene, "path">> {
  return {
    parent,
    workspace: await openWorkspace(join(parent, "work")),
    tripped: () => readdir(join(parent, "marks")),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

/** Makes the workspace of a scene as bad as a clone can be: links, secrets that are committed, programs, odd names. */
export async function spoil({ parent, workspace: { root } }: Scene): Promise<void> {
  await writeFiles(root, MORE_SECRETS);
  await gitAt(root, "add", "--all", "--force");
  await gitAt(root, "commit", "--quiet", "--message=All of it");
  await writeFiles(root, { ".env": `KEY=${SECRET}\nMORE=${SECRET}\n`, ".ignore": "!.env\n!.ssh\n" });
  await mkdir(join(root, "links"));
  await symlink("../outside/canary.txt", join(root, "8"));
  for (const [name, target] of Object.entries(LINKS)) await symlink(target, join(root, "links", name));
  for (const name of ["ls", "git", "cat", "bash", "evil", "bin/ls", "bin/git", "bin/cat", "bin/bash"]) {
    await tripwire(parent, join(root, name));
  }
  await writeFiles(root, ODD);
  await mkdir(join(root, "nested"));
  await gitAt(join(root, "nested"), "init", "--quiet");
  await gitAt(root, "init", "--quiet", "--bare", "bare");
  await promisify(execFile)("mkfifo", [join(root, "pipe")]);
}

/** A program that leaves its name among the marks. */
export async function tripwire(parent: string, path: string): Promise<string> {
  await writeFiles("/", { [path]: `#!/bin/sh\n: > "${parent}/marks/\${0##*/}"\n` });
  await chmod(path, 0o755);
  return path;
}

/** Stands in for every program of the corpus that the machine lacks, so that no command is refused for lack of it. */
async function buildTools(parent: string): Promise<string> {
  const tools = join(parent, "tools");
  await mkdir(tools);
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  const wanted = asks.flatMap(({ commands }) => commands.map(([command]) => command));
  for (const name of programs(reads.flatMap(({ commands }) => commands))) {
    if (!(await isMissing(name, folders))) continue;
    await writeFiles(tools, { [name]: "#!/bin/sh\n" });
    await chmod(join(tools, name), 0o755);
  }
  for (const name of programs(wanted)) {
    if (await isMissing(name, [...folders, tools])) await tripwire(parent, join(tools, name));
  }
  await rm(join(tools, "rg"), { force: true });
  await symlink(rgPath, join(tools, "rg"));
  return [...folders, tools].join(delimiter);
}

/** The words that stand where a program stands, as far as they are plain. */
function programs(commands: readonly string[]): Set<string> {
  const words = commands.flatMap((command) => [...command.matchAll(/(?:^|[;&|] ?)([a-z][\w.-]*)(?= |$)/g)]);
  return new Set(words.map(([, name = ""]) => name));
}

async function isMissing(name: string, folders: readonly string[]): Promise<boolean> {
  const found = await Promise.all(folders.map((folder) => isThere(join(folder, name))));
  return !found.includes(true);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const OUTSIDE_FILES = {
  "canary.txt": `${OUTSIDE} first\n${OUTSIDE} second\n`,
  "canary.json": `{"mark": "${OUTSIDE}"}\n`,
  id_rsa: OUTSIDE,
};

const FIRST = {
  "README.md": "# Parser\n\nTurns text into words: parse, trim, count.\nTODO more\n",
  "package.json": `{
  "name": "words",
  "scripts": { "test": "node --test", "build": "tsc" },
  "dependencies": { "left": "1.0.0" }
}
`,
  "src/index.ts":
    'import { parse } from "./parse.ts";\n\nexport function main() {\n  return parse("a b");\n}\n',
  "src/parse.ts": 'export function parse(text: string) {\n  return text.split(" ");\n}\n',
  "test/parse.test.ts": 'import { parse } from "../src/parse.ts";\n\nparse("grüße");\n',
  ".gitignore": "node_modules\n.env\n",
};

const SECOND = {
  "src/parse.ts": 'export function parse(text: string) {\n  return text.trim().split(" ");\n}\n',
  "src/util/text.ts": "export const text = (value: string) => value;\n",
  "names.txt": "Grace\nAda\nAda\nEdsger\n",
  "numbers.csv": "a,1,2\nb,3,4\nc,5,6\n",
  "data.json": '[{"id": 1, "name": "Ada"}, {"id": 2, "name": "Grace"}]\n',
  "config/settings.json": "{}\n",
};

const CHANGES = {
  "src/index.ts": 'import { parse } from "./parse.ts";\n\nexport const main = () => parse("a b c");\n',
  "notes.txt": "untracked\n",
  "node_modules/left/index.js": "module.exports = 1; // parse\n",
};

const SECRETS = { ".env": `KEY=${SECRET}\n` };

const MORE_SECRETS = {
  ".env": `KEY=${SECRET}\n`,
  ".env.local": `KEY=${SECRET}\n`,
  ".npmrc": `//host/:_authToken=${SECRET}\n`,
  ".netrc": SECRET,
  ".git-credentials": SECRET,
  ".aws/credentials": SECRET,
  ".ssh/id_rsa": SECRET,
  ".ssh/id_ed25519": SECRET,
  ".ssh/config": SECRET,
  ".kube/config": SECRET,
  id_rsa: SECRET,
  "server.pem": SECRET,
  "server.key": SECRET,
  "credentials.json": `{"key": "${SECRET}"}\n`,
  "config/credentials.json": `{"key": "${SECRET}"}\n`,
  "config/.env.production": `KEY=${SECRET}\n`,
  "src/util/.env": `KEY=${SECRET}\n`,
};

const LINKS = {
  out: "../../outside",
  "canary.txt": "../../outside/canary.txt",
  dangling: "../../outside/none",
  root: "..",
  deep: "../src/util",
  config: "../config",
  "plain.txt": "../.env",
};

const ODD = {
  "odd/-delete": "",
  "odd/--output=made": "",
  "odd/-omade": "",
  "odd/a b": "a\n",
  "odd/new\nline": "",
  "evil.sh": "touch made\n",
  "5": "five\n",
  "names.txt": "../outside/canary.txt\n.env\n",
  "src/'; touch made; '.ts": "",
  "src/$(touch made).ts": "",
};
