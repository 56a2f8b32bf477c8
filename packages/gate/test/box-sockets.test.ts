import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasBox, runHere, runInBox } from "./boxed.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();
const root = () => scene.workspace.root;

// bubblewrap is on Linux alone, and where it may make namespaces.
describe.skipIf(!hasBox)("in a box", () => {
  test("a socket in the workspace leads to nobody", async () => {
    const path = join(root(), "app.sock");
    const server = createServer((socket) => socket.end("SECRET")).listen(path);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const connect = `node -e 'require("net").connect("app.sock").on("data", (data) => console.log(String(data))).on("error", () => {})'`;
    expect((await runInBox(scene.workspace, "read", connect)).stdout).toBe("");
    expect((await runInBox(scene.workspace, "write", connect)).stdout).toBe("");
  });

  test("a socket elsewhere on the disk, as lxd and databases have, leads to nobody", async () => {
    const folder = await mkdtemp("/var/tmp/eightfold-test-");
    await chmod(folder, 0o755);
    const [open, locked] = [join(folder, "an app.sock"), join(folder, "locked/app.sock")];
    await mkdir(dirname(locked));
    const listen = `for (const path of ${JSON.stringify([open, locked])})
      require("net").createServer((socket) => socket.end("SECRET")).listen(path, () => console.log("listens"))`;
    // Killed, it leaves its sockets, and with them whatever box has just begun to hide them.
    const server = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(async () => {
      server.kill("SIGKILL");
      await pause(1000);
      await rm(folder, { recursive: true });
    });
    for (let said = ""; said.length < 16; ) said += (await once(server.stdout, "data"))[0];
    if (process.geteuid?.() === 0) await chown(dirname(locked), 4321, 4321);
    await chmod(dirname(locked), 0o700);
    const connect = connecting(open);
    expect((await runHere(scene.workspace, connect)).stdout).toBe("SECRET");
    expect((await runInBox(scene.workspace, "read", connect)).stdout).toBe("ENOENT");
    expect((await runInBox(scene.workspace, "write", connect)).stdout).toBe("EACCES");
  });

  test("a socket whose owner gave it a name that counts from its own folder leads to nobody", async () => {
    const folder = await mkdtemp("/var/tmp/eightfold-test-");
    const listen = `require("net").createServer((socket) => socket.end("SECRET")).listen("app.sock", () => console.log("listens"))`;
    const server = spawn(process.execPath, ["-e", listen], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(async () => {
      server.kill("SIGKILL");
      await pause(1000);
      await rm(folder, { recursive: true });
    });
    await once(server.stdout, "data");
    const connect = connecting(join(folder, "app.sock"));
    expect((await runHere(scene.workspace, connect)).stdout).toBe("SECRET");
    expect((await runInBox(scene.workspace, "write", connect)).stdout).toBe("EACCES");
  });

  test.runIf(process.geteuid?.() === 0)(
    "a socket that was mounted, as an agent's is in a container, leads to nobody",
    async () => {
      const folder = await mkdtemp("/var/tmp/eightfold-test-");
      onTestFinished(() => rm(folder, { recursive: true }));
      const [theirs, mounted] = [join(folder, "theirs.sock"), join(folder, "mounted.sock")];
      await writeFile(mounted, "");
      const server = createServer((socket) => socket.end("SECRET")).listen(theirs);
      await once(server, "listening");
      onTestFinished(() => void server.close());
      const script = `import(${JSON.stringify(import.meta.resolve("./boxed.ts"))}).then(async ({ runHere, runInBox }) => {
        const workspace = { root: ${JSON.stringify(root())} };
        for (const run of [runHere, (workspace, command) => runInBox(workspace, "write", command)])
          console.log((await run(workspace, process.argv[1])).stdout);
      })`;
      const mount = `mount --bind ${theirs} ${mounted} && exec "$@"`;
      const words = ["-m", "sh", "-c", mount, "sh", process.execPath, "-e", script, connecting(mounted)];
      const { stdout } = await promisify(execFile)("unshare", words);
      expect(stdout).toBe("SECRET\nEACCES\n");
    },
  );
});

const connecting = (path: string) =>
  `node -e 'require("net").connect("${path}").on("data", (data) => console.log(String(data))).on("error", ({ code }) => console.log(code))'`;
