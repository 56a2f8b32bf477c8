import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryRepo } from "../test/temporary-repo.ts";
import { repoRoot } from "./phases.ts";

const agent =
  "console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.execPath, process.env.EIGHTFOLD_PROGRAM]));\n";

/** A repo with two phases and the program, and a folder with spaces in its name that links to it. */
function installed() {
  const root = temporaryRepo({
    "1-one": { declares: {} },
    "2-two": { declares: {}, files: { "src/main.ts": agent } },
  });
  cpSync(join(repoRoot, "packages/phase-cli/bin"), join(root, "packages/phase-cli/bin"), { recursive: true });
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "some where ")));
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  symlinkSync(join(root, "packages/phase-cli/bin/eightfold"), join(elsewhere, "first"));
  symlinkSync("first", join(elsewhere, "eightfold"));
  return { root, elsewhere, program: join(elsewhere, "eightfold") };
}

test.runIf(process.platform !== "win32")(
  "eightfold, through links, starts the last phase where the user stands, on the repo's own Node",
  () => {
    const { root, elsewhere, program } = installed();
    const start = () =>
      spawnSync(program, ["--resume", "latest", "two words"], { cwd: elsewhere, encoding: "utf8" });

    const bare = start();
    expect(bare.status).toBe(2);
    expect(bare.stderr).toContain(`not installed in ${realpathSync(root)} yet`);

    mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync(process.execPath, join(root, "node_modules/.bin/node"));
    const { stdout, stderr } = start();
    expect(stderr).toBe("");
    const words = ["--cwd", elsewhere, "--resume", "latest", "two words"];
    expect(JSON.parse(stdout)).toEqual([words, elsewhere, realpathSync(process.execPath), "eightfold"]);
  },
);
