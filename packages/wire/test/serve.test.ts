import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { hello } from "./ask.ts";

const serve = fileURLToPath(new URL("../src/serve.ts", import.meta.url));

test("a script in a file is served, and the environment for an agent is printed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wire-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = join(folder, "script.json");
  await writeFile(script, '[{ "text": "hi there" }]');
  const child = spawn(process.execPath, [serve, "ollama", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [printed] = await once(child.stdout, "data");
    const env = Object.fromEntries(
      String(printed)
        .trim()
        .split("\n")
        .map((line) => line.split("=", 2)),
    );
    expect(env.EIGHTFOLD_MODEL).toBe("ollama:qwen3.5");
    const body = JSON.stringify(hello.ollama);
    const answer = await fetch(`${env.OLLAMA_HOST}/api/chat`, { method: "POST", body });
    expect(await answer.text()).toContain('"content":"hi t"');
  } finally {
    child.kill();
  }
});

test("what an agent would do better is told beside the answer", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wire-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = join(folder, "script.json");
  await writeFile(script, '[{ "text": "hi" }]');
  const child = spawn(process.execPath, [serve, "ollama", script], { stdio: ["ignore", "pipe", "pipe"] });
  try {
    const [printed] = await once(child.stdout, "data");
    const url = /OLLAMA_HOST=(.*)/.exec(String(printed))?.[1];
    const told = once(child.stderr, "data");
    const body = JSON.stringify({ ...hello.ollama, options: {} });
    const answers = [1, 2].map(() => fetch(`${url}/api/chat`, { method: "POST", body }));
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 500]);
    expect(String(await told)).toContain("advice: options.num_ctx is missing: most machines take 4096");
  } finally {
    child.kill();
  }
});

test("without a dialect or a list of replies it says how it is used", () => {
  for (const args of [[], ["chat"], ["telnet", serve], ["chat", serve]]) {
    const { status, stderr } = spawnSync(process.execPath, [serve, ...args], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toBe(
      "usage: node packages/wire/src/serve.ts responses|chat|anthropic|gemini|ollama SCRIPT.json\n" +
        'SCRIPT.json is a list of replies: [{ "text": "hello" }]\n',
    );
  }
});
