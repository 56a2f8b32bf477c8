import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
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
    const connect = `node -e 'require("net").connect("${open}").on("data", (data) => console.log(String(data))).on("error", ({ code }) => console.log(code))'`;
    expect((await runHere(scene.workspace, connect)).stdout).toBe("SECRET");
    expect((await runInBox(scene.workspace, "read", connect)).stdout).toBe("ENOENT");
    expect((await runInBox(scene.workspace, "write", connect)).stdout).toBe("EACCES");
  });
});
