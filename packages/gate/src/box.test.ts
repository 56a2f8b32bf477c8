import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { tempFolder, writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, onTestFinished, test, vi } from "vitest";
import { filterOf } from "./box-filter.ts";

/** A program that opens the box of a folder, and does more. */
const withBox = (root: string, then: string) => `
  const { openBox } = await import("${new URL("./box.ts", import.meta.url)}");
  const box = await openBox({ root: ${JSON.stringify(root)}, lastRead: new Map() }, {});
  ${then}`;
const COMMAND = `{ plan: { type: "command", command: "ls" } }`;

/** A folder with a program in place of bubblewrap. */
async function toolsWith(bwrap: (folder: string) => string): Promise<string> {
  const tools = await tempFolder();
  await writeFiles(tools, { bwrap: `#!/bin/sh\n${bwrap(tools)}` });
  execFileSync("chmod", ["+x", `${tools}/bwrap`]);
  return tools;
}

test.runIf(process.platform === "linux")(
  "a box is tried by the first command that needs it, and not by an agent that runs none",
  async () => {
    const tools = await toolsWith((folder) => `: > "${folder}/tried"\nexit 1\n`);
    const root = await tempFolder();
    const agent = (code: string) =>
      execFileSync(process.execPath, ["--input-type=module", "-e", withBox(root, code)], {
        env: { ...process.env, PATH: `${tools}:${process.env.PATH}` },
        encoding: "utf8",
      });
    agent("");
    expect(await readdir(tools)).toEqual(["bwrap"]);
    expect(agent(`console.log((await box.enclose(${COMMAND}, "read")).plan.box);`)).toBe("undefined\n");
    expect(await readdir(tools)).toEqual(["bwrap", "tried"]);
  },
);

// bubblewrap that is cut off as it begins leaves a process behind, which holds the trial's output open for ever.
test.runIf(process.platform === "linux")(
  "a Ctrl-C in the terminal, which reaches all of the agent's group, is not for the trial of its box",
  async () => {
    const tools = await toolsWith(
      (folder) => `trap ': > "${folder}/interrupted"' INT
        : > "${folder}/tried"
        while [ ! -e "${folder}/go" ]; do sleep 0.05; done
        exit 1`,
    );
    const code = `process.on("SIGINT", () => {}); await box.enclose(${COMMAND}, "read");`;
    const agent = spawn(process.execPath, ["--input-type=module", "-e", withBox(await tempFolder(), code)], {
      env: { ...process.env, PATH: `${tools}:${process.env.PATH}` },
      detached: true,
      stdio: "ignore",
    });
    onTestFinished(() => void agent.kill("SIGKILL"));
    const ended = once(agent, "close");
    await vi.waitFor(async () => expect(await readdir(tools)).toContain("tried"), 60_000);
    process.kill(-(agent.pid ?? 0), "SIGINT");
    await writeFiles(tools, { go: "" });
    await ended;
    expect(await readdir(tools)).not.toContain("interrupted");
  },
);

/** What a filter says of a system call, as the kernel would run it. @param words its number, AUDIT_ARCH, where it is from, its arguments */
function isRefused(filter: Buffer, words: readonly number[]): boolean {
  let held = 0;
  for (let at = 0; ; at++) {
    const [code, yes = 0, no = 0] = [filter[8 * at], filter[8 * at + 2], filter[8 * at + 3]];
    const value = filter.readUInt32LE(8 * at + 4);
    if (code === 0x06) return value !== 0x7fff0000;
    if (code === 0x20) held = words[value / 4] ?? 0;
    if (code === 0x54) held &= value;
    if (code === 0x15) at += held === value ? yes : no;
    if (code === 0x35) at += held >= value ? yes : no;
    if (code === 0x25) at += held > value ? yes : no;
  }
}

test.for([
  ["x64", 0xc000003e, 248, 41, []],
  ["x64", 0x40000003, 286, 359, [102]],
  ["arm64", 0xc00000b7, 217, 198, []],
  ["arm64", 0x40000028, 309, 281, [102]],
] as const)(
  "the calls for keyrings are refused, and what makes sockets to elsewhere, and no other: %s, %i",
  ([arch, audited, keys, socket, old]) => {
    const filter = filterOf(arch) ?? Buffer.alloc(0);
    const refused = (family: number) =>
      Array.from({ length: 600 }, (_, number) => number).filter((number) =>
        isRefused(filter, [number, audited, 0, 0, family, 0]),
      );
    const always = [...old, keys, keys + 1, keys + 2, 425].sort((a, b) => a - b);
    for (const family of [1, 2, 10, 16]) expect(refused(family)).toEqual(always);
    for (const family of [17, 31, 38, 40])
      expect(refused(family)).toEqual([...always, socket].sort((a, b) => a - b));
    expect(isRefused(filter, [keys, 0x12345678])).toBe(false);
  },
);
