import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { readingEnvironment, runCommand } from "@eightfold/shell";
import { openWorkspace } from "@eightfold/workspace";
import { repositoryWith } from "@eightfold/workspace/test/temp-repository";
import { workspaceWith } from "@eightfold/workspace/test/temp-workspace";
import { expect, onTestFinished, test, vi } from "vitest";
import { inspectCommand } from "../src/inspect.ts";

const MANY = 250_000;

/** Each would hold a careless reader up for minutes. */
const texts: readonly (readonly [what: string, text: string])[] = [
  ...[
    "$(",
    "(",
    "`",
    "'",
    "${a:-",
    "$((",
    "{ ",
    "a|",
    "a;",
    "a ",
    "[",
    "@{",
    ":",
    "<<a ",
    "f() { ",
    "if a; then ",
  ].map((part) => [part, part.repeat(MANY)] as const),
  ...["$(", "(", "{ ", "sudo ", "env ", "eval ", "bash -c '", "[", "if a; then "].map(
    (part) => [`less of ${part}`, part.repeat(8000 / part.length)] as const,
  ),
];

test.each(texts)("a command of any size is answered: %s", async (_, text) => {
  const workspace = await workspaceWith();
  for (const command of [text, `( ${text}`, `git show '${text}'`])
    expect(await inspectCommand(command, workspace)).toMatchObject({ verdict: "unproved" });
});

test("a pattern is held against a long name", async () => {
  const workspace = await workspaceWith({ ["a".repeat(250)]: "" });
  expect(await inspectCommand(`ls ./${"*a".repeat(60)}b`, workspace)).toMatchObject({ verdict: "unproved" });
  expect(await inspectCommand("ls ./*a*a*", workspace)).toMatchObject({ verdict: "reads" });
});

// A Mac limits no address space.
test.skipIf(process.platform === "darwin")(
  "a filter of jq that asks for 8 GB does not get them",
  async () => {
    const workspace = await workspaceWith();
    const plan = await inspectCommand("jq -n '[.[500000000] = 1] | length'", workspace);
    expect(plan.verdict).toBe("reads");
    const { stdout } = await runCommand(plan, { cwd: workspace.root, signal: AbortSignal.timeout(60_000) });
    expect(stdout).toBe("");
  },
);

test("a search that an ignore file at its start, or above, would hold up for ever is not run unasked", async () => {
  const workspace = await workspaceWith({ "a/b/c.txt": "" });
  const verdicts = async () => {
    const commands = ["rg one", "rg one a/b", "cd a && rg one"];
    const plans = await Promise.all(commands.map((command) => inspectCommand(command, workspace)));
    return new Set(plans.map(({ verdict }) => verdict));
  };
  expect(await verdicts()).toEqual(new Set(["reads"]));
  const makers = [
    (path: string) => execFileSync("mkfifo", [path]),
    (path: string) => symlinkSync("/dev/zero", path),
    (path: string) => writeFileSync(path, "x\n".repeat(1_000_000)),
  ];
  for (const name of [".gitignore", ".ignore", ".rgignore"]) {
    const path = join(workspace.root, name);
    for (const make of makers) {
      make(path);
      expect(await verdicts(), `${name} ${make}`).toEqual(new Set(["unproved"]));
      rmSync(path);
    }
  }
});

test("no program checks a signature because the repository says so", async () => {
  const root = await repositoryWith({ "a.txt": "" });
  const { proved } = await inspectCommand("git branch", await openWorkspace(root));
  for (const name of ["gpg", "gpg.openpgp", "gpg.x509", "gpg.ssh"])
    expect(proved?.script).toContain(`'${name}.program=false'`);
});

test("Java leaves nothing in /tmp for telling its version", async () => {
  const tools = await workspaceWith({ java: "\x7fELF", javac: "\x7fELF" });
  for (const name of ["java", "javac"]) await chmod(join(tools.root, name), 0o755);
  vi.stubEnv("PATH", `${tools.root}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const workspace = await workspaceWith();
  for (const command of ["java -version", "java --version", "javac --version"])
    expect((await inspectCommand(command, workspace)).proved?.script).toMatch(
      /'(?:-J)?-XX:-UsePerfData' '--?version'/,
    );
});

test("npm keeps its copies where the user's are, whatever the folder's .npmrc says", async () => {
  const environment = await readingEnvironment({ PATH: "/bin" }, "/nowhere");
  expect(environment.npm_config_cache).toMatch(/\.npm$/);
});
