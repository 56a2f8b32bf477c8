import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { tempFolder, writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";

test.runIf(process.platform === "linux")(
  "a box is tried by the first command that needs it, and not by an agent that runs none",
  async () => {
    const tools = await tempFolder();
    const root = await tempFolder();
    await writeFiles(tools, { bwrap: `#!/bin/sh\n: > "${tools}/tried"\nexit 1\n` });
    execFileSync("chmod", ["+x", `${tools}/bwrap`]);
    const agent = (code: string) => {
      const start = `const { openBox } = await import("${new URL("./box.ts", import.meta.url)}");
        const box = await openBox({ root: ${JSON.stringify(root)}, lastRead: new Map() }, {});`;
      return execFileSync(process.execPath, ["--input-type=module", "-e", start + code], {
        env: { ...process.env, PATH: `${tools}:${process.env.PATH}` },
        encoding: "utf8",
      });
    };
    agent("");
    expect(await readdir(tools)).toEqual(["bwrap"]);
    const call = `{ plan: { type: "command", command: "ls" } }`;
    expect(agent(`console.log((await box.enclose(${call}, "read")).plan.box);`)).toBe("undefined\n");
    expect(await readdir(tools)).toEqual(["bwrap", "tried"]);
  },
);
