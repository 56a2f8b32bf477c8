import { execFileSync, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasBox, runInBox } from "./boxed.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();
const root = () => scene.workspace.root;
const write = (command: string) => runInBox(scene.workspace, "write", command);

/** What a command prints in the box of an agent that is started like this. */
function printedBy(
  command: string,
  stdio: StdioOptions,
  starter: readonly string[] = [],
  folder = root(),
): string {
  const script = `import(${JSON.stringify(import.meta.resolve("./boxed.ts"))}).then(async ({ runHere, runInBox }) => {
    const workspace = { root: ${JSON.stringify(folder)} };
    const all = [await runHere(workspace, process.argv[1])];
    for (const reach of ["read", "write"]) all.push(await runInBox(workspace, reach, process.argv[1]));
    console.log(all.map(({ stdout }) => stdout).join(" "));
  })`;
  const [file = "", ...words] = [...starter, process.execPath, "-e", script, command];
  return execFileSync(file, words, { encoding: "utf8", stdio }).trim();
}

// bubblewrap is on Linux alone, and where it may make namespaces.
describe.skipIf(!hasBox)("in a box", () => {
  test("what hides a secret is not there for a command to replace by a link to one", async () => {
    const canary = join(dirname(root()), "canary");
    await writeFile(canary, "OUTSIDE");
    const links = `for name in hidden $(find . -maxdepth 1 -type f); do rm -f $name; ln -s ${canary} $name; done`;
    await write(`cd /tmp && ${links}`);
    expect((await write("cat .env; rm -f /tmp/hidden; echo works")).stdout).toBe("works");
  });

  test("a link to git's own files that came with a clone takes none of them away", async () => {
    const links = { "tsconfig.json": ".git/config", ".env.link": ".git/index", stored: ".git/objects" };
    for (const [name, target] of Object.entries(links)) {
      await symlink(target, join(root(), name));
      onTestFinished(() => rm(join(root(), name)));
    }
    const { stdout, stderr } = await write(
      "git log --format=%s -1; git ls-files a.txt; git config core.bare; ls -d .env; cat .env",
    );
    expect(stdout).toMatch(/\na\.txt\nfalse\n\.env$/);
    expect(stderr.match(/^.*denied$/gm)).toEqual(["cat: .env: Permission denied"]);
  });

  test("a pipe in the place of git's index keeps no command waiting for its box", async () => {
    const folder = await mkdtemp(join(dirname(root()), "piped-"));
    await mkdir(join(folder, ".git"));
    execFileSync("mkfifo", [join(folder, ".git/index")]);
    expect(printedBy("echo works", "pipe", ["timeout", "20"], folder)).toBe("works works works");
  });

  test.runIf(process.platform === "linux")(
    "a folder above the workspace stays where it is, and nothing is made outside",
    async () => {
      const outside = join(dirname(root()), "outside");
      await mkdir(outside);
      const [, , first] = root().split("/");
      await write(`cd / && mv /tmp/${first} /tmp/aside && ln -s ../../oldroot${outside} /tmp/${first}`);
      expect((await write("echo works")).stdout).toBe("works");
      expect(await readdir(outside)).toEqual([]);
    },
  );

  test.for(["read", "write"] as const)("that may %s a socket of a tool leads to nobody", async (reach) => {
    const path = join(root(), "node_modules/.cache/app.sock");
    await mkdir(dirname(path), { recursive: true });
    const server = createServer((socket) => socket.end("SECRET")).listen(path);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const connect = `node -e 'require("net").connect("node_modules/.cache/app.sock").on("data", (data) => console.log(String(data))).on("error", () => {})'`;
    expect((await runInBox(scene.workspace, reach, connect)).stdout).toBe("");
  });

  test("what whoever started the agent has open is not open to a command", async () => {
    const secret = openSync(join(root(), ".env"), "r");
    expect(
      printedBy("cat /proc/self/fd/40 2>/dev/null", ["ignore", "pipe", "inherit", ...nothing(37), secret]),
    ).toBe("");
  });

  // The numbers of system calls differ.
  test.runIf(process.arch === "x64")("the keys that the kernel keeps for a user are out of reach", () => {
    const names = `($type, $name, $key) = ("user", "eightfold", "SECRET");`;
    const keep = `${names} syscall(250, 1, $name); syscall(248, $type, $name, $key, 6, -3); exec @ARGV`;
    const show = `${names} $id = syscall(250, 10, -3, $type, $name, 0); syscall(250, 11, $id, $key = "------", 6, 0); print $key`;
    const stdio = ["ignore", "pipe", "inherit"] as const;
    expect(printedBy(`perl -e '${show}'`, [...stdio], ["perl", "-e", keep])).toBe("SECRET ------ ------");
  });

  test.runIf(process.arch === "x64")(
    "a virtual machine's way to its host, which is no network, is closed",
    () => {
      const connect = `perl -e 'print socket($host, 40, 1, 0) ? "made" : 0 + $!'`;
      const stdio = ["ignore", "pipe", "inherit"] as const;
      expect(printedBy(connect, [...stdio])).toMatch(/^(?:made|97) 38 38$/); // or unknown to the kernel; then ENOSYS
    },
  );

  test("a link that a command makes in the place of a repository is not followed when its files are put in order", async () => {
    const [folder, theirs] = [join(root(), "none"), join(dirname(root()), "theirs")];
    for (const path of [folder, theirs]) await mkdir(path);
    await writeFile(join(theirs, "config.worktree"), "theirs");
    await runInBox({ root: folder }, "write", `ln -s ${theirs} .git`);
    expect(await readdir(theirs)).toEqual(["config.worktree"]);
  });

  test("a repository behind a link to a folder of secrets shows none", async () => {
    const home = await mkdtemp("/var/tmp/eightfold-home-"); // the box has a /tmp of its own
    onTestFinished(() => rm(home, { recursive: true }));
    const folder = join(root(), "behind");
    for (const path of [folder, join(home, ".ssh")]) await mkdir(path);
    await writeFile(join(home, ".ssh/id_rsa"), "SECRET");
    await symlink(join(home, ".ssh"), join(folder, ".git"));
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const command = `cat ${folder}/.git/id_rsa ${home}/.ssh/id_rsa`;
    expect(printedBy(command, [...stdio], ["env", `HOME=${home}`], folder)).toBe("SECRETSECRET");
  });

  test("a repository behind a link keeps its settings, too", async () => {
    const folder = join(root(), "linked");
    await mkdir(join(folder, "of-git/hooks"), { recursive: true });
    await writeFile(join(folder, "of-git/config"), "ours");
    await symlink("of-git", join(folder, ".git"));
    await runInBox(
      { root: folder },
      "write",
      "for f in .git of-git; do echo x > $f/config; echo x > $f/hooks/a; done",
    );
    expect(await readFile(join(folder, "of-git/config"), "utf8")).toBe("ours");
    expect(await readdir(join(folder, "of-git/hooks"))).toEqual([]);
  });

  test("hooks that are a link to another folder of the workspace are not to be written", async () => {
    const hooks = join(root(), ".git/hooks");
    await mkdir(hooks, { recursive: true });
    await rename(hooks, join(root(), "tools-of-git"));
    await symlink("../tools-of-git", hooks);
    onTestFinished(async () => {
      await rm(hooks);
      await rename(join(root(), "tools-of-git"), hooks);
    });
    await write(
      "echo x > .git/hooks/pre-commit; echo x > tools-of-git/pre-commit; echo x > tools-of-git/pre-push",
    );
    expect((await readdir(hooks)).filter((name) => !name.endsWith(".sample"))).toEqual([]);
  });

  test.runIf(process.geteuid?.() === 0)(
    "root's files of passwords are hidden, and the copies of them",
    async () => {
      const names = (await readdir("/etc")).filter((name) => /^g?shadow-?$/.test(name));
      for (const name of names) {
        expect((await lstat(join("/etc", name))).size, name).toBeGreaterThan(0);
        expect((await write(`cat /etc/${name}`)).stdout, name).toBe("");
      }
    },
  );
});

const nothing = (count: number): "ignore"[] => Array.from({ length: count }, () => "ignore");
