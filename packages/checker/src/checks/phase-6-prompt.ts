import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { ScriptedReply } from "@eightfold/wire";
import { CTRL_C } from "../agent-terminal.ts";
import { grep, listFiles, readFile, runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { expectOneGrowingPrompt } from "../prefix.ts";
import { lastUserText } from "../requests.ts";
import type { StartOptions, Workbench } from "../workbench.ts";

/** The system prompt: what is in it, what it costs, and what a project cannot do to it. */
export const prompt: readonly Check[] = [
  check("6.system-prompt", "each request begins with a system prompt, the same for all", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    await bench.serve([{ calls: [readFile("a.txt")] }, { text: "done" }]);
    const { code } = await bench.run(["go"]);
    expectEqual(code, 0, "exit code");
    const [first, ...others] = bench.requests.map(({ view }) => view.system);
    expectText(first, /\w/, "a system prompt");
    expectEqual(others, [first], "the system prompts of later requests");
  }),

  check(
    "6.knows-the-project",
    "the system prompt says where the agent is, and how things stand",
    async (bench) => {
      await bench.put({ "src/parse.js": "", "notes.txt": "" });
      await git(bench.folder, "init", "--quiet", "--initial-branch=trunk");
      await git(bench.folder, "add", "src");
      await git(bench.folder, "commit", "--quiet", "--message=The first words");
      let system = await systemPrompt(bench);
      // An agent may leave out what git does not tell soon: on a busy machine it gets another chance, and at midnight too.
      for (
        let more = 2;
        more > 0 && !["?? notes.txt", today()].every((fact) => system.includes(fact));
        more--
      )
        system = await systemPrompt(bench);
      for (const fact of [
        bench.folder,
        "trunk",
        "?? notes.txt",
        "The first words",
        "src/",
        process.platform,
        today(),
      ]) {
        expectText(system, fact, "a system prompt");
      }
      expectNoText(system, [/\d\d:\d\d/], "a system prompt that does not change by the minute");
    },
  ),

  check(
    "6.follows-agents-md",
    "what AGENTS.md says reaches the model, as it is at the start",
    async (bench) => {
      await bench.serve(({ view }) => ({ text: `${/Always answer "(\w+)"/.exec(view.system ?? "")?.[1]}.` }));
      for (const word of ["Aye", "Nay"]) {
        await bench.put({ "AGENTS.md": `# Advice\n\nAlways answer "${word}".\n` });
        const { stdout } = await bench.run(["Well?"]);
        expectEqual(stdout, `${word}.\n`, "the answer of a model that follows AGENTS.md");
      }
    },
  ),

  check(
    "6.project-documents",
    "the project's documents come in order, the advice of outer folders first",
    async (bench) => {
      await git(dirname(bench.folder), "init", "--quiet");
      await bench.put({
        "../AGENTS.md": "The advice at the root.",
        "../README.md": "What all of it is for.",
        "AGENTS.md": "The advice in the folder.",
        "README.md": "What it is for.",
        "package.json": '{ "name": "its-name" }',
        "pyproject.toml": "# its snake",
        "below/AGENTS.md": "The advice below.",
      });
      const system = await systemPrompt(bench);
      const order = [
        "The advice at the root.",
        "The advice in the folder.",
        "What all of it is for.",
        "What it is for.",
        '{ "name": "its-name" }',
        "# its snake",
      ];
      const places = order.map((text) => system.indexOf(text));
      expectThat(
        places.every((place, index) => place > (places[index - 1] ?? 0)),
        `a system prompt with ${JSON.stringify(order)}, in this order`,
        system,
      );
      expectNoText(system, ["The advice below."], "a system prompt");
      expectText(
        system.slice(0, places[0]),
        /permission/,
        "a word before them that they grant no permissions",
      );
    },
  ),

  check(
    "6.clips-documents",
    "long documents are cut with a notice, and a link out is not followed",
    async (bench) => {
      const long = (word: string) =>
        `${word} begins\n${"all work and no play\n".repeat(500_000)}${word} ends`;
      await bench.put({
        "AGENTS.md": long("advice"),
        "README.md": long("readme"),
        "package.json": '{ "name": "short" }',
        "../outside/secret.txt": "the-secret-of-the-neighbour",
      });
      await symlink(join(bench.outside, "secret.txt"), join(bench.folder, "pyproject.toml"));
      const system = await systemPrompt(bench);
      for (const text of ["advice begins", "readme begins", '{ "name": "short" }']) {
        expectText(system, text, "a system prompt");
      }
      expectNoText(system, ["advice ends", "readme ends", "the-secret"], "a system prompt");
      expectThat(
        Buffer.byteLength(system) < 40_000,
        "a system prompt of less than 40,000 bytes",
        system.length,
      );
      expectEqual(system.match(/\[[^\]]*\d+ of \d+ bytes[^\]]*\]/g)?.length, 2, "notices of what was cut");
    },
  ),

  check("6.any-folder", "no folder is too strange: empty, corrupt, without git", async (bench) => {
    const missing = join(bench.outside, "no-programs");
    await mkdir(missing);
    await systemPrompt(bench);
    await bench.put({ ".git": "gitdir: /nowhere/at/all\n", "README.md": Buffer.from([0, 255, 254]) });
    await systemPrompt(bench);
    await systemPrompt(bench, { env: { PATH: missing } });
  }),

  check("6.runs-nothing-of-a-repository", "no program that a repository names runs", async (bench) => {
    const trap = join(bench.outside, "trap");
    await bench.put({
      "a.txt": "one\n",
      ".gitattributes": "* filter=x\n",
      "../outside/trap": "#!/bin/sh\ntouch $0.ran\n",
    });
    await chmod(trap, 0o755);
    await git(bench.folder, "init", "--quiet");
    await git(bench.folder, "add", ".");
    await git(bench.folder, "commit", "--quiet", "--message=one");
    for (const name of [
      "core.fsmonitor",
      "filter.x.clean",
      "filter.x.process",
      "core.pager",
      "gpg.program",
    ]) {
      await git(bench.folder, "config", name, trap);
    }
    await git(bench.folder, "config", "log.showSignature", "true");
    await bench.put({ "a.txt": "two\n" });
    expectText(await systemPrompt(bench), "a.txt", "a system prompt");
    expectEqual(await readdir(bench.outside), ["trap"], "what the trap left");
  }),

  check("6.stable-prefix", "each request begins with the one before, for a whole session", async (bench) => {
    await bench.put({ "AGENTS.md": "Be kind.\n", "src/parse.js": "export function parse() {}\n" });
    const wire = await bench.serve((request, index) => replyOf(lastUserText(request), index));
    const terminal = await bench.converse();
    await terminal.ask("Take forty steps.");
    await terminal.shows("Forty steps.");
    await terminal.ask("Tell me a story.");
    await terminal.shows("Once");
    terminal.press(CTRL_C);
    await terminal.ask("And the end?");
    await terminal.shows("They lived.");
    const { requests } = wire;
    expectThat(requests.length >= 43, "at least 43 requests", requests.length);
    expectOneGrowingPrompt(bench.subject.dialect, requests);
    expectText(requests[0]?.view.system, "Be kind.", "the system prompt");
    expectEqual(new Set(requests.map(({ view }) => view.system)).size, 1, "system prompts");
  }),
];

/** Parallel calls, errors, thinking, a service that fails once, and a story that is never finished. */
function replyOf(request: string, index: number): ScriptedReply {
  if (request.includes("And the end?")) return { text: "They lived." };
  if (request.includes("Tell me a story."))
    return { text: "Once upon a time", fault: { type: "stall", at: "text" } };
  if (index === 20) return { fault: { type: "http", status: 503, headers: { "retry-after-ms": "1" } } };
  if (index > 40) return { text: "Forty steps." };
  const calls = [
    [runBash(`echo step ${index}`)],
    [readFile("src/parse.js"), readFile("missing.txt"), listFiles()],
    [grep(`parse|${index}`), { name: "read_flie", input: { path: `${index}` } }],
    [{ name: "read_file", input: { limit: index } }],
  ];
  return {
    ...(index % 3 === 0 && { text: `Step ${index}.` }),
    ...(index % 5 === 0 && { reasoning: "What comes next?" }),
    calls: calls[index % calls.length] ?? [],
  };
}

/** What the agent sends as its system prompt when it is started. Expects it to end well. */
async function systemPrompt(bench: Workbench, options?: StartOptions): Promise<string> {
  await bench.serve([{ text: "done" }]);
  const { code } = await bench.run(["go"], options);
  expectEqual(code, 0, "exit code");
  const system = bench.requests.at(-1)?.view.system ?? "";
  expectText(system, /\w/, "a system prompt");
  return system;
}

function today(): string {
  const now = new Date();
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  return [now.getFullYear(), twoDigits(now.getMonth() + 1), twoDigits(now.getDate())].join("-");
}

async function git(folder: string, ...args: string[]): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(own), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  await promisify(execFile)("git", [...identity, ...args], { cwd: folder, env });
}
