import { chmod, mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openWorkspace, type Workspace } from "@eightfold/workspace";
import { commitAll, gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { rgPath } from "@vscode/ripgrep";
import { afterAll, beforeAll, vi } from "vitest";
import { inspectCommand } from "../src/inspect.ts";

/** A small repository, and a PATH on which nothing of this repository's own is. */
export interface SmallScene {
  readonly workspace: Workspace;
  readonly path: string;
  remove(): Promise<void>;
}

const MAY_LACK = ["tree", "jq", "column", "file", "xxd", "hexdump", "strings", "shasum", "arch"];

export async function smallScene(): Promise<SmallScene> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "eightfold-reading-")));
  const root = join(parent, "work");
  const tools = join(parent, "tools");
  await mkdir(root);
  await mkdir(tools);
  await gitAt(root, "init", "--quiet", "--initial-branch=main");
  await writeFiles(root, { "a.txt": "one\ntwo\n", "src/b.txt": "three\n", ".env.example": "KEY=\n" });
  await commitAll(root, "First");
  await writeFiles(root, { ".env": "KEY=secret\n", "src/server.pem": "secret\n" });
  await symlink(rgPath, join(tools, "rg"));
  // Stands in for programs that a machine may lack.
  for (const name of MAY_LACK) {
    await writeFiles(tools, { [name]: "#!/bin/sh\n" });
    await chmod(join(tools, name), 0o755);
  }
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  return {
    workspace: await openWorkspace(root),
    path: [...folders, tools].join(delimiter),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

/** The commands whose verdict is another than the wanted one. */
export async function wrongly(
  verdict: "reads" | "unproved" | "catastrophe",
  commands: readonly string[],
  workspace: Workspace,
): Promise<string[]> {
  const plans = await Promise.all(commands.map((command) => inspectCommand(command, workspace)));
  return plans
    .filter((plan) => plan.verdict !== verdict)
    .map(({ command, reason }) => `${command}: ${reason}`);
}

/** The small scene for all tests of a file: there from the first on, and gone after the last. */
export function sceneForAll(): SmallScene {
  const scene = {} as SmallScene;
  beforeAll(async () => {
    Object.assign(scene, await smallScene());
    vi.stubEnv("PATH", scene.path);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await scene.remove();
  });
  return scene;
}
