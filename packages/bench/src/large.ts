import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startWire } from "@eightfold/wire";
import { listFolder, openWorkspace, searchText } from "@eightfold/workspace";
import { rgPath } from "@vscode/ripgrep";
import { type Bench, compare, type Figure, median, RUNS } from "./figures.ts";
import { startCommand, timeToEnd } from "./processes.ts";

const FILES = 100_000;
const FOLDERS = 5_000;
const RARE = "wordThatIsInOneFile";

/** What a large project costs, beside the program that does the work alone. */
export const largeRepository: Bench = {
  title: "a repository of 100,000 files",

  async run() {
    const root = join(process.cwd(), "large");
    await makeRepository(root);
    const workspace = await openWorkspace(root);
    const { signal } = new AbortController();
    const rg = (...words: string[]) =>
      timeToEnd([rgPath, "--hidden", "--glob=!.git", ...words, root], process.env);
    const lists = await compare(
      { what: "rg --files", time: () => rg("--files") },
      { what: "list_files", target: "≤ 2×", time: () => timeOf(() => listFolder(workspace)) },
    );
    const searches = await compare(
      { what: "rg, a rare word", time: () => rg(RARE) },
      {
        what: "grep",
        target: "≤ 1.3×",
        time: () => timeOf(() => searchText(workspace, { pattern: RARE }, signal)),
      },
    );
    return [...lists, ...searches, await firstRequest(root)];
  },
};

/** How much longer the first request takes here than in an empty folder. */
async function firstRequest(root: string): Promise<Figure> {
  const empty = join(process.cwd(), "empty");
  await mkdir(empty);
  const server = await startWire("responses", () => ({ text: "Hello." }));
  const env = { ...process.env, ...server.env };
  const differences: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const large = await timeToEnd(startCommand(8, "--cwd", root, "hello"), env);
    differences.push(large - (await timeToEnd(startCommand(8, "--cwd", empty, "hello"), env)));
  }
  await server.close();
  return {
    what: "the first request",
    value: `${median(differences).toFixed(0)} ms more`,
    target: "≤ 200 ms",
  };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Files of a few lines, three folders deep, all committed: git writes them faster than we could. */
async function makeRepository(root: string): Promise<void> {
  await mkdir(root);
  await git(root, ["init", "--quiet"]);
  await git(root, ["fast-import", "--quiet"], Readable.from(commitOf()));
  await git(root, ["reset", "--quiet", "--hard", "main"]);
}

function* commitOf(): Generator<string> {
  yield "commit refs/heads/main\ncommitter Ada <ada@example.org> 0 +0000\ndata 5\nfiles";
  for (let index = 0; index < FILES; index += 1) {
    const folder = index % FOLDERS;
    const path = `part${folder % 20}/module${folder % 500}/section${folder}/file${index}.ts`;
    const word = index === FILES / 2 ? RARE : `value${index}`;
    const text = `export const ${word} = ${index};\n${"// a line that says nothing\n".repeat(index % 40)}`;
    yield `\nM 100644 inline ${path}\ndata ${text.length}\n${text}`;
  }
}

async function git(cwd: string, words: readonly string[], input?: Readable): Promise<void> {
  const child = spawn("git", words, { cwd, stdio: [input ? "pipe" : "ignore", "inherit", "inherit"] });
  if (input && child.stdin) input.pipe(child.stdin);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`git ${words.join(" ")} ended with exit code ${code}`);
}
