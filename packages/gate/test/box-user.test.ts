import { execFileSync } from "node:child_process";
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeStateFolder } from "@eightfold/workspace";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { hasBox, runInBox } from "./boxed.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();
const root = () => scene.workspace.root;

// bubblewrap is on Linux alone, and where it may make namespaces.
describe.skipIf(!hasBox)("in a box", () => {
  test("the secrets of a home are hidden, and its programs are not", async () => {
    const home = await mkdtemp("/var/tmp/eightfold-home-"); // the box has a /tmp of its own
    onTestFinished(() => rm(home, { recursive: true }));
    await writeFiles(home, {
      ".ssh/id_rsa": "SECRET",
      ".config/gh/hosts.yml": "SECRET",
      "code/other/.env": "SECRET",
      ".netrc": "SECRET",
      "code/other/a.txt": "plain",
    });
    const script = `import(${JSON.stringify(import.meta.resolve("./boxed.ts"))}).then(async ({ runInBox }) => {
      const command = "cat ~/.ssh/* ~/.config/gh/hosts.yml ~/code/other/.env ~/.netrc ~/code/other/a.txt";
      console.log((await runInBox({ root: ${JSON.stringify(root())} }, "write", command)).stdout);
    })`;
    const env = { ...process.env, HOME: home };
    expect(execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" })).toBe("plain\n");
  });

  test("a home's secrets that come later are hidden, and one that is gone holds up nothing", async () => {
    const home = await mkdtemp("/var/tmp/eightfold-home-");
    onTestFinished(() => rm(home, { recursive: true }));
    vi.stubEnv("HOME", home);
    onTestFinished(() => void vi.stubEnv("HOME", ""));
    await writeFile(join(home, ".netrc"), "SECRET");
    const show = () => runInBox(scene.workspace, "write", `cat ${home}/.netrc ${home}/.aws/a; echo works`);
    expect((await show()).stdout).toBe("works");
    await rm(join(home, ".netrc"));
    await writeFiles(home, { ".aws/a": "SECRET" });
    expect((await show()).stdout).toBe("works");
  });

  test("what only reads finds this machine's own names, and what Java is set to", async () => {
    const { stdout } = await runInBox(scene.workspace, "read", "getent hosts localhost; ls /etc");
    const settings = (await readdir("/etc")).filter((name) => name.startsWith("java"));
    expect(stdout).toMatch(/^(?:::1|127\.0\.0\.1) /);
    expect(stdout.split("\n")).toEqual(expect.arrayContaining(settings));
  });

  test("where bubblewrap takes no filter, a command runs without one, and with no file open for it", async () => {
    const folder = await mkdtemp("/var/tmp/eightfold-bwrap-");
    onTestFinished(() => rm(folder, { recursive: true }));
    const bwrap = execFileSync("which", ["bwrap"], { encoding: "utf8" }).trim();
    const script = `#!/bin/sh\ncase "$*" in *--seccomp*) exit 1;; esac\nexec ${bwrap} "$@"\n`;
    await writeFile(join(folder, "bwrap"), script, { mode: 0o755 });
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    const command = "echo works; test -e /proc/self/fd/3 && echo open; unshare -U true && echo nested";
    expect((await runInBox(scene.workspace, "read", command)).stdout).toBe("works");
  });

  test("a commit has the author that the environment names", async () => {
    vi.stubEnv("GIT_AUTHOR_NAME", "Ada");
    vi.stubEnv("GIT_AUTHOR_EMAIL", "ada@example.org");
    const { stdout } = await runInBox(scene.workspace, "write", "git var GIT_AUTHOR_IDENT");
    expect(stdout).toMatch(/^Ada <ada@example.org>/);
  });

  test("Go, which builds nothing without a cache, has one although the home is only read", async () => {
    const [kept, denied] = ['mkdir "$GOCACHE" && echo made', "mkdir ~/.eightfold-cache && echo made"];
    expect((await runInBox(scene.workspace, "write", kept)).stdout).toBe("made");
    expect((await runInBox(scene.workspace, "write", denied)).stdout).toBe("");
    vi.stubEnv("GOCACHE", root());
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await runInBox(scene.workspace, "write", 'echo "$GOCACHE"')).stdout).toBe(root());
  });

  test.for(["read", "write"] as const)(
    "that may %s a command sees kept output that it names",
    async (reach) => {
      vi.stubEnv("XDG_STATE_HOME", join(dirname(root()), "state"));
      onTestFinished(() => void vi.stubEnv("XDG_STATE_HOME", ""));
      const folder = join(await makeStateFolder(root()), "output");
      await writeFiles(folder, { "mine.txt": "kept\n", "theirs.txt": "SECRET\n" });
      const command = `cat ${folder}/mine.txt; ls ${folder}; cat ${folder}/th*; echo x >> ${folder}/mine.txt`;
      expect((await runInBox(scene.workspace, reach, command)).stdout).toBe("kept\nmine.txt");
      expect(await readFile(join(folder, "mine.txt"), "utf8")).toBe("kept\n");
    },
  );

  test.for(["/", "/nonexistent", "LOCKED", "LOCKED/home"])(
    "a user whose home is %s, and who may not look into a folder on PATH, has a box",
    async (home) => {
      const folder = await mkdtemp("/var/tmp/eightfold-user-");
      onTestFinished(() => rm(folder, { recursive: true }));
      await writeFiles(folder, { "locked/bin/tool": "", "locked/home/a": "", "work/.env": "SECRET" });
      await chmod(join(folder, "locked"), 0);
      const script = `import(${JSON.stringify(import.meta.resolve("./boxed.ts"))}).then(async ({ runInBox }) => {
        for (const reach of ["read", "write"])
          console.log((await runInBox({ root: "${folder}/work" }, reach, "echo works; cat .env")).stdout);
      })`;
      const env = {
        PATH: `${folder}/locked/bin:${process.env.PATH}`,
        HOME: home.replace("LOCKED", join(folder, "locked")),
      };
      const user = process.geteuid?.() === 0 ? { uid: 4321, gid: 4321 } : {};
      if ("uid" in user)
        for (const path of ["", "work", "work/.env"]) await chown(join(folder, path), 4321, 4321);
      const output = execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8", ...user });
      expect(output).toBe("works\nworks\n");
    },
  );
});
