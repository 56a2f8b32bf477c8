import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { phase, temporaryRepo, writeFiles } from "../test/temporary-repo.ts";
import { findPhases, repoRoot } from "./phases.ts";

const agent = `console.log(JSON.stringify(process.argv.slice(2)), process.argv[1]);\nprocess.exitCode = 3;\n`;
const two = () => {
  const declares = { title: "Title", summary: "what it adds", adds: [], changes: [] };
  return temporaryRepo({ "1-one": { declares }, "2-two": { declares, files: { "src/main.ts": agent } } });
};

test("start runs the phase's main.ts with the words after it, and its exit code is the command's", () => {
  const root = two();
  const { code, stdout } = phase(root, ["2", "start", "--model", "demo", "fix it", "--help"]);
  expect(stdout).toBe(`["--model","demo","fix it","--help"] ${join(root, "phases/2-two/src/main.ts")}\n`);
  expect(code).toBe(3);
});

describe("a path is counted from where the user called pnpm", () => {
  const program = "console.log(process.cwd());\n";
  const elsewhere = realpathSync(tmpdir());
  /** @param script the package whose script starts it, and where the process then is, both relative to the repo */
  const started = (event: string, script: string, cwd = script) => {
    const root = temporaryRepo({ "1-one": { declares: {}, files: { "src/main.ts": program } } });
    writeFiles(root, { "other/package.json": "{}" });
    const npm_package_json = join(root, script, "package.json");
    const env = { npm_lifecycle_event: event, npm_package_json, INIT_CWD: elsewhere };
    return phase(root, ["1", "start"], env, "", cwd).stdout.replace(realpathSync(root), "ROOT");
  };

  test.each([
    ["phase", "."],
    ["start", "phases/1-one"],
  ])("when pnpm runs the script %s", (event, script) => {
    expect(started(event, script)).toBe(`${elsewhere}\n`);
  });

  test("and from the folder of the process when another script starts it", () => {
    expect(started("test", ".")).toBe("ROOT\n");
  });

  test("and when it is started directly, where a script of another package has set the environment", () => {
    expect(started("start", "other")).toBe("ROOT/other\n");
    expect(started("start", "other", ".")).toBe("ROOT\n");
    expect(started("start", "nowhere", ".")).toBe("ROOT\n");
  });
});

test.for(findPhases(repoRoot))(
  "pnpm start in $name starts it as pnpm phase does",
  async ({ number, folder }) => {
    const textOf = (path: string) => JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const { phase } = textOf(repoRoot).scripts;
    const { start } = textOf(folder).scripts;
    expect(start).toBe(`${phase.replace("packages/", "../../packages/")} ${number} start`);
    const [, ...words] = start.split(" ");
    const { INIT_CWD, ...env } = process.env;
    const { stdout } = spawnSync(process.execPath, [...words, "--help"], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    expect(stdout).toContain(`phase ${number}`);
  },
);

test("list gives each phase a line with its title, what it adds and the lines of its source", () => {
  expect(phase(two(), ["list"]).stdout).toBe(
    "   Phase  What it adds  Lines\n" +
      "1  Title  what it adds      0\n" +
      "2  Title  what it adds      2\n\n" +
      "pnpm phase 2 start runs phase 2; pnpm phase 2 diff shows what it adds.\n",
  );
});

test("the list of this repo's phases fits 80 columns", () => {
  const { stdout } = phase(repoRoot, ["list"]);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toContain("1  Chat loop");
});

describe("without a command, and when asked for help, it prints the usage", () => {
  test.for([[], ["--help"], ["-h"]])("%j", (words) => {
    const { code, stdout } = phase(two(), words);
    expect([code, stdout.startsWith("Eightfold: build a coding agent in eight phases.\n")]).toEqual([
      0,
      true,
    ]);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("a mistake is answered in one line, with exit code 2", () => {
  test.each([
    ["3 start", "There is no phase 3: the phases here are 1 to 2. See pnpm phase list."],
    ["0 start", "There is no phase 0: the phases here are 1 to 2. See pnpm phase list."],
    ["diff 1 9", "There is no phase 9: the phases here are 1 to 2. See pnpm phase list."],
    ["diff 1", "Which two phases? Such as pnpm phase diff 4 5."],
    ["2 strat", 'pnpm phase has no command "strat". Did you mean pnpm phase 2 start?'],
    ["start 2", 'pnpm phase has no command "start". Did you mean pnpm phase 2 start?'],
    ["lsit", 'pnpm phase has no command "lsit". Did you mean pnpm phase list?'],
    ["2 expl", 'pnpm phase has no command "expl". Did you mean pnpm phase 2 explain?'],
    ["2 list", 'pnpm phase has no command "list". Did you mean pnpm phase list?'],
    ["frobnicate", 'pnpm phase has no command "frobnicate". See pnpm phase --help.'],
    ["2", "What should phase 2 do? start, test, check, step or diff."],
    ["carry", "Which file? Such as pnpm phase carry phases/2-read-tool/src/agent.ts."],
  ])("%s", (words, message) => {
    const { code, stdout, stderr } = phase(two(), words.split(" "));
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });
});

describe.skipIf(process.platform === "win32")(
  "what the user's shell has done to it is told in one line",
  () => {
    const shell = (script: string) =>
      spawnSync("bash", ["-c", script, process.execPath, join(repoRoot, "packages/phase-cli/src/main.js")], {
        encoding: "utf8",
        cwd: realpathSync(mkdtempSync(join(tmpdir(), "eightfold-gone-"))),
      });

    test("the folder is gone", () => {
      const { status, stderr } = shell('rmdir "$PWD" && "$0" "$1" 5 start hello');
      expect([status, stderr]).toEqual([
        2,
        "The folder that you are in is gone. Change to one that exists, and start again.\n",
      ]);
    });

    test("the folder where pnpm was called is gone", () => {
      const env = { npm_lifecycle_event: "phase", npm_package_json: join(repoRoot, "package.json") };
      const { code, stderr } = phase(repoRoot, ["list"], { ...env, INIT_CWD: "/no/such/folder" });
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^The folder that you are in is gone\. .*\n$/),
      ]);
    });

    test("nobody reads what it prints", () => {
      expect(shell('set -o pipefail; rmdir "$PWD"; cd /; "$0" "$1" list | sleep 0')).toMatchObject({
        status: 141,
        stderr: "",
      });
    });

    test.skipIf(!existsSync("/dev/full"))("the disk is full", () => {
      for (const words of ["list", "diff 1 8"]) {
        const { status, stderr } = shell(`rmdir "$PWD"; cd /; "$0" "$1" ${words} > /dev/full`);
        expect([status, stderr.split("\n").at(-2)]).toEqual([
          1,
          "What was to be printed could not be written: no space left on device.",
        ]);
      }
    });
  },
);

test.each([
  ["what is no TypeScript", "const x = ;\n", /agent\.ts:1\nconst x = ;\n +\^\n\n.*Expression expected\n$/],
  ["an enum", "enum A { b }\n", /agent\.ts:1\nenum A \{ b \}\n\^+\n\n.*enum is not supported/],
  ["a name that is not there", "export {};\n", /main\.ts:1\nimport \{ run \} .*\n +\^+\n.*named 'run'\n$/],
  [
    "what fails at once",
    "export const run = 1;\nmissing();\n",
    /missing is not defined\n +at .*agent\.ts:2:1\n$/,
  ],
])("a phase with %s is shown where that is, without a stack", (_, text, shown) => {
  const files = { "src/main.ts": 'import { run } from "./agent.ts";\nrun;\n', "src/agent.ts": text };
  const { code, stderr } = phase(temporaryRepo({ "1-one": { declares: {}, files } }), ["1", "start"]);
  expect(stderr).toMatch(/^Phase 1 cannot be loaded\.\n/);
  expect(stderr).toMatch(shown);
  expect(stderr).not.toContain("node:internal");
  expect(code).toBe(1);
});

test("a phase test run is vitest's, in that phase's folder", () => {
  const { code, stdout } = phase(repoRoot, ["1", "test", "--passWithNoTests", "no-such-test"]);
  expect(stdout).toContain(join("phases", "1-chat-loop"));
  expect(code).toBe(0);
});

test("the first file to run is JavaScript: a TypeScript one would load the type stripper before its cache", () => {
  const { scripts } = JSON.parse(readFileSync(join(repoRoot, "package.json"), "utf8"));
  expect(scripts.phase).toMatch(/^node .*packages\/phase-cli\/src\/main\.js$/);
});

test("an agent has room for what its first request makes: five collections of garbage would take 25 ms", () => {
  const { scripts } = JSON.parse(readFileSync(join(repoRoot, "package.json"), "utf8"));
  expect(scripts.phase).toContain(" --min-semi-space-size=16 ");
});

describe("explain", () => {
  const explain = (words: string[], input?: string) => {
    const project = mkdtempSync(join(tmpdir(), "eightfold-explain-"));
    onTestFinished(() => rmSync(project, { recursive: true }));
    spawnSync("git", ["init", "--quiet", project]);
    return phase(repoRoot, ["7", "explain", "--cwd", project, ...words], {}, input);
  };

  test("says what the gate decides on a command, and why", () => {
    expect(explain(["git status"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^allow: only reads, (?:in the box|with no box here)\n$/),
    });
    expect(explain(["git push"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ask: git push /),
    });
  });

  test("with --json answers each line of stdin", () => {
    const { code, stdout } = explain(["--json"], '"ls"\n"rm -rf /"');
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { command: "ls", decision: "allow" },
      { command: "rm -rf /", decision: "deny" },
    ]);
    expect(code).toBe(0);
  });

  test.each([[["git", "push"]], [[]], [["--json", "ls"]], [["--nope"]]])(
    "%j is a mistake that it explains",
    (words) => {
      const { code, stderr } = explain(words, "");
      expect([code, stderr]).toEqual([2, expect.stringContaining('explain [--cwd DIR] "COMMAND"')]);
    },
  );

  test("a line that is no JSON string ends it, and is shown", () => {
    expect(explain(["--json"], '"ls"\n{}\n')).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(
        /^\{"command":"ls","decision":"allow","reason":"only reads, [^"]+","reach":"read"\}\n$/,
      ),
      stderr: expect.stringContaining("This one is not: {}"),
    });
  });
});
