import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommand } from "@eightfold/shell";
import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openBox } from "../src/index.ts";
import { boxedPlan, hasBox, runInBox } from "./boxed.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();
const root = () => scene.workspace.root;
const gitStatus = () => gitAt(root(), "status", "--porcelain");

// bubblewrap is on Linux alone, and where it may make namespaces.
describe.skipIf(!hasBox)("a box", () => {
  beforeEach(async () => {
    await gitAt(root(), "checkout", "--quiet", "--force", "main");
  });

  test.for(["read", "write"] as const)("that may %s hides secrets and sessions", async (reach) => {
    vi.stubEnv("XDG_STATE_HOME", join(root(), "state"));
    onTestFinished(() => void vi.stubEnv("XDG_STATE_HOME", ""));
    await writeFiles(root(), {
      "state/.gitignore": "*",
      "state/eightfold/s": "SECRET\n",
      "sub/.aws/credentials": "SECRET\n",
    });
    await symlink("sub/.aws/credentials", join(root(), "plain.txt"));
    onTestFinished(() => rm(join(root(), "plain.txt")));
    const { stdout } = await runInBox(
      scene.workspace,
      reach,
      "cat .env src/server.pem plain.txt; ls -A state/eightfold sub/.aws; find . -name .env -type f",
    );
    expect(stdout).toBe("state/eightfold:\n\nsub/.aws:\n./.env");
  });

  test.for(["read", "write"] as const)(
    "that may %s has a /proc, a loopback and users of its own",
    async (reach) => {
      vi.stubEnv("MY_API_KEY", "SECRET");
      vi.stubEnv("DATABASE_URL", "postgres://u:SECRET@host/db");
      vi.stubEnv("SENTRY_URL", "https://SECRET@host/1");
      vi.stubEnv("MYSQL_PWD", "SECRET");
      vi.stubEnv("GH_PAT", "SECRET");
      vi.stubEnv("BW_SESSION", "SECRET");
      vi.stubEnv("STORAGE", "Endpoint=https://host;AccountKey=SECRET");
      vi.stubEnv("JDBC_URL", "jdbc:postgresql://host/db?user=u&password=SECRET");
      vi.stubEnv("DEPLOY", "-----BEGIN OPENSSH PRIVATE KEY-----SECRET");
      vi.stubEnv("SLACK_WEBHOOK_URL", "https://host/SECRET");
      const server = createServer((socket) => socket.end("SECRET")).listen(0, "127.0.0.1");
      await once(server, "listening");
      onTestFinished(() => void server.close());
      const { port } = server.address() as { port: number };
      const { stdout } = await runInBox(
        scene.workspace,
        reach,
        `ls /proc | grep -c '^[0-9]'; env; cat /proc/[0-9]*/environ | tr "\\0" " "; cat <>/dev/tcp/127.0.0.1/${port}; umount .env; unshare -U true && echo nested`,
      );
      expect(stdout).not.toMatch(/SECRET|nested/);
      expect(Number(stdout.split("\n")[0])).toBeLessThan(6);
    },
  );

  test("one that may read writes nothing, and sees nothing of the disk but programs", async () => {
    await writeFile(join(dirname(root()), "canary"), "SECRET");
    onTestFinished(() => rm(join(dirname(root()), "canary")));
    const { stdout, stderr } = await runInBox(
      scene.workspace,
      "read",
      "echo x > new; echo x >> a.txt; rm a.txt; cat ../canary; cat /etc/shadow; cat ~/.bash*; ls /home /var /srv; mv .git x",
    );
    expect(stdout).toBe("");
    expect(stderr).toContain("Read-only file system");
    expect(await readFile(join(root(), "a.txt"), "utf8")).toBe("one\ntwo\n");
  });

  test("one that may write writes in the workspace and nowhere else", async () => {
    const commands =
      "echo x > new && rm new; echo x > ../new; echo x > ~/.eightfold-new; echo x > /usr/new; echo done";
    const { stdout, stderr } = await runInBox(scene.workspace, "write", commands);
    expect(stdout).toBe("done");
    expect(stderr.match(/Read-only file system|No such file|Permission denied/g)).toHaveLength(2);
    expect(await readFile(join(dirname(root()), "new")).catch(() => "not there")).toBe("not there");
  });

  test("git's own programs and settings stay as they are, however they are reached", async () => {
    const before = await readFile(join(root(), ".git/config"), "utf8");
    await runInBox(
      scene.workspace,
      "write",
      "git config core.pager x; echo x > .git/config; echo x > .git/hooks/pre-commit; mv .git x && mkdir -p .git/hooks;" +
        "rm -rf .git/hooks; ln -sf /tmp .git/hooks; echo /tmp > .git/commondir",
    );
    expect(await readFile(join(root(), ".git/config"), "utf8")).toBe(before);
    expect(execFileSync("ls", ["-A", ".git/hooks"], { cwd: root(), encoding: "utf8" })).not.toMatch(
      /^pre-commit$/m,
    );
    expect(await gitStatus()).toContain("?? .env");
  });

  test.for(["commondir", "config.worktree"])(
    "what says where git's settings are is not made by a command, and not removed either: %s",
    async (name) => {
      const path = join(root(), ".git", name);
      onTestFinished(() => rm(path, { force: true }));
      const isThere = () => readFile(path, "utf8").catch(() => "nothing");
      await runInBox(scene.workspace, "write", `echo /tmp > .git/${name}`);
      expect(await isThere()).toBe("nothing");
      await writeFile(path, "theirs");
      await runInBox(scene.workspace, "read", "true");
      expect(await isThere()).toBe("theirs");
    },
  );

  test("a commit of all takes a tracked key as it is, and shows no change of it", async () => {
    await writeFiles(root(), { "test/fixtures/server.pem": "of tests\n", "test/.env.d/one": "1\n" });
    await gitAt(root(), "add", "--force", "test");
    await gitAt(root(), "commit", "--quiet", "--message=Fixtures");
    const name = "-c user.name=Ada -c user.email=ada@example.org";
    const { ending } = await runInBox(
      scene.workspace,
      "write",
      `cat test/fixtures/server.pem && echo more >> a.txt && git status --short && git ${name} commit -qam More && git stash list`,
    );
    expect(ending).toEqual({ type: "exit", code: 0 });
    expect(await gitAt(root(), "show", "--name-only", "--format=")).toBe("a.txt\n");
    await writeFiles(root(), { "test/fixtures/server.pem": "SECRET, filled in since\n" });
    expect((await runInBox(scene.workspace, "write", "cat test/fixtures/server.pem")).stdout).toBe("");
  });

  test("what one command leaves in /tmp the next one finds, and nobody else", async () => {
    await runInBox(scene.workspace, "write", "echo kept > /tmp/eightfold-kept");
    expect((await runInBox(scene.workspace, "write", "cat /tmp/eightfold-kept")).stdout).toBe("kept");
    expect(await readFile("/tmp/eightfold-kept").catch(() => "not there")).toBe("not there");
  });

  test("what an agent that was killed left in the temp folder is removed", async () => {
    const script = `import(${JSON.stringify(import.meta.resolve("./boxed.ts"))}).then(async ({ runInBox }) => {
      await runInBox({ root: ${JSON.stringify(root())} }, "write", "true");
      process.kill(process.pid, process.argv[1]);
    })`;
    const left = async (signal: string) => {
      const { pid } = spawnSync(process.execPath, ["-e", script, signal]);
      return (await readdir(tmpdir())).filter((name) => name.includes(`-${pid}-`));
    };
    const [abandoned] = await left("SIGKILL");
    expect(abandoned).toMatch(/^eightfold-box-/);
    await left("SIGKILL");
    expect(await readdir(tmpdir())).not.toContain(abandoned);
  });

  test("too many secrets are said, and the command does not run without a box", async () => {
    const files = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`many/${index}.pem`, ""]));
    await writeFiles(root(), files);
    onTestFinished(() => rm(join(root(), "many"), { recursive: true }));
    await expect(runInBox(scene.workspace, "write", "touch ran")).rejects.toThrow("too many secrets");
  });

  test("whose time is up lets a command say its last words, and leaves nothing behind", async () => {
    const sleeps = `sleep ${10_000 + process.pid}`; // nobody else's
    const plan = await boxedPlan(
      scene.workspace,
      "write",
      `trap 'echo cleaned; exit 3' TERM; setsid ${sleeps} & ${sleeps} & while :; do sleep 0.1; done`,
    );
    const { milliseconds } = await runInBox(scene.workspace, "write", "true"); // a busy machine takes long to begin
    const seconds = 1 + milliseconds / 250;
    const options = { cwd: root(), signal: new AbortController().signal, timeoutSeconds: seconds };
    const { ending, stdout } = await runCommand(plan, options);
    expect({ ending, stdout }).toEqual({ ending: { type: "timeout", seconds }, stdout: "cleaned" });
    expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain(`${sleeps}\n`);
  });

  test("eight at once print all that they print", async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () =>
        runInBox(scene.workspace, "read", "seq 1 20000 | tail -1; seq 1 300 >&2"),
      ),
    );
    expect(all.map(({ stdout, stderr }) => `${stdout} ${stderr.split("\n").length}`)).toEqual(
      Array(8).fill("20000 300"),
    );
  });

  test("a command that is killed in it is told from one that ends", async () => {
    const killed = await runInBox(scene.workspace, "write", "kill -SEGV $$");
    expect(killed.ending).toEqual({ type: "signal", signal: "SIGSEGV" });
    expect((await runInBox(scene.workspace, "write", "exit 3")).ending).toEqual({ type: "exit", code: 3 });
  });

  test("links to nothing, and to what is outside, do no harm", async () => {
    await mkdir(join(root(), "odd"), { recursive: true });
    await symlink("nowhere", join(root(), "odd/.env"));
    await symlink("/usr/bin", join(root(), "odd/.npmrc"));
    onTestFinished(() => rm(join(root(), "odd"), { recursive: true }));
    expect((await runInBox(scene.workspace, "read", "echo works")).stdout).toBe("works");
  });

  test("with --network a command reaches it", async () => {
    const server = createServer((socket) => socket.end("reached")).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const command = `cat </dev/tcp/127.0.0.1/${port}`;
    expect((await runInBox(scene.workspace, "write", command, { network: "" })).stdout).toBe("reached");
    expect((await runInBox(scene.workspace, "read", command, { network: "" })).stdout).toBe("");
  });
});

test("where there is none, that is said, one that is required refuses, and commands run as they did", async () => {
  vi.stubEnv("PATH", dirname(process.execPath));
  onTestFinished(() => void vi.stubEnv("PATH", scene.path));
  const call = {
    call: { id: "1", name: "run_bash", input: {} },
    input: {},
    plan: undefined,
    run: async () => NOTHING,
  };
  const box = await openBox(scene.workspace);
  expect(box.note).toBe("no box here");
  expect(await box.enclose(call, "read")).toBe(call);
  await expect(openBox(scene.workspace, { sandbox: "require" })).rejects.toThrow(
    /There is no box here: .*\./,
  );
});

test("one that cannot be made is said, and commands run as they did", async () => {
  const tools = join(dirname(root()), "broken");
  await writeFiles(tools, {
    bwrap: "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n",
  });
  execFileSync("chmod", ["+x", join(tools, "bwrap")]);
  vi.stubEnv("PATH", `${tools}:${scene.path}`);
  onTestFinished(() => void vi.stubEnv("PATH", scene.path));
  const box = await openBox(scene.workspace);
  expect({ note: box.note, notice: await box.notice }).toEqual({
    note: undefined,
    notice: "No box here: bwrap: setting up uid map: Permission denied",
  });
  await expect(openBox(scene.workspace, { sandbox: "require" })).rejects.toThrow("setting up uid map");
});

const NOTHING = { text: "", summary: "" };
