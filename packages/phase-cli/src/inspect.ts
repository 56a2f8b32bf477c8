/** `pnpm phase inspect FILE` and `pnpm phase 5 start --inspect`: a trace as a page, or in a form that others read. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ServedTrace, Trace } from "@eightfold/inspector";
import { CommandError, type Phase } from "./phases.ts";
import { start } from "./start.ts";

const usage = `pnpm phase inspect FILE               serves the page that shows a trace, until Ctrl-C
pnpm phase inspect FILE --html OUT    writes the page and the trace into one file
pnpm phase inspect FILE --har OUT     for the network panel of a browser`;

/** Carries out `pnpm phase inspect`. */
export async function inspect(words: readonly string[]): Promise<void> {
  const { values, positionals } = readWords(words);
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new CommandError(`Which trace?\n${usage}`);
  const text = await readFile(file, "utf8").catch(cannot(`${file} cannot be read`));
  const { harOf, pageCode, readTrace, serveTrace, standaloneHtml } = await import("@eightfold/inspector");
  const trace = readTrace(text);
  if (!trace.start) throw new CommandError(`${file} is not a trace that --trace wrote.`);
  const { version } = trace.start;
  if (version !== 1)
    throw new CommandError(
      `${file} is a trace of version ${version}. This Eightfold reads version 1: update it.`,
    );
  const { exchanges, unread } = trace;
  const lost = unread.length > 0 ? `; lines that cannot be read, and are left out: ${unread.length}` : "";
  const write = async (out: string, content: string) => {
    await writeFile(out, content).catch(cannot(`Nothing can be written to ${out}`));
    const requests = exchanges.length === 1 ? "request" : "requests";
    process.stdout.write(`${out}: ${exchanges.length} ${requests}${lost}\n`);
  };
  if (values.har !== undefined && sizeOfBodies(trace) > MOST)
    throw new CommandError(
      `${file} is too long for an archive, which repeats each body whole. --html OUT holds all of it.`,
    );
  if (values.har !== undefined) await write(values.har, JSON.stringify(harOf(trace)));
  if (values.html !== undefined) await write(values.html, await standaloneHtml(await pageCode(), text));
  if (values.har !== undefined || values.html !== undefined) return;
  const { url } = await serveTrace(file);
  process.stdout.write(`${url}\n`);
  process.stderr.write("Open this address in a browser on this machine. Ctrl-C ends it.\n");
}

function readWords(words: readonly string[]) {
  try {
    const file = { type: "string" } as const;
    const options = { html: file, har: file, help: { type: "boolean", short: "h" } } as const;
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** As much as a text can hold, with room for the escapes of JSON. */
const MOST = 200_000_000;

/** Bodies are whole in an archive, and each holds the conversation so far: of a long run they are far more than its trace. */
function sizeOfBodies({ exchanges }: Trace): number {
  return exchanges.reduce((sum, { request: { body } }) => {
    const more = body && "base" in body ? body.keep + body.tail : 0;
    return sum + more + (body?.text.length ?? 0);
  }, 0);
}

const cannot = (what: string) => (error: NodeJS.ErrnoException) => {
  throw new CommandError(`${what}: ${error.message.replace(/^E[A-Z]+: |, \w+( '.*')?$/g, "")}.`);
};

/** Starts the phase as ever, and shows what it does. The page can be looked at when the agent has ended, too. */
export async function startInspected(phase: Phase, words: readonly string[]): Promise<void> {
  const flags = words.filter((word) => word !== "--inspect");
  const at = flags.indexOf("--trace");
  const given = at === -1 ? flags.find((word) => word.startsWith("--trace="))?.slice(8) : flags[at + 1];
  const file = given ?? (await newTrace(phase));
  const { serveTrace } = await import("@eightfold/inspector");
  const page = await serveTrace(file);
  process.stderr.write(`inspect ${page.url}\n`);
  await start(phase, given === undefined ? [`--trace=${file}`, ...flags] : flags);
  await stay(page, file);
}

/** So many runs can be looked at again. */
const KEPT = 20;

/** In the user's state folder, beside the sessions. Takes the place of the oldest one there. */
async function newTrace({ number }: Phase): Promise<string> {
  const { makeFolders, stateHome } = await import("@eightfold/workspace");
  const folder = join(stateHome(), "traces");
  await makeFolders(folder).catch(cannot(`Nothing can be written to ${folder}`));
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*-phase-\d\.jsonl$/.test(name)).sort();
  await Promise.all(names.slice(0, 1 - KEPT).map((name) => rm(join(folder, name), { force: true })));
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  return join(folder, `${time}-phase-${number}.jsonl`);
}

/** On a terminal, until Ctrl-C: a request is answered sooner than a browser is opened. */
async function stay(page: ServedTrace, file: string): Promise<void> {
  const { exitCode } = process;
  if (exitCode === 2) return page.close(); // a wrong flag: there is nothing to look at
  page.end(Number(exitCode ?? 0));
  if (process.stderr.isTTY) {
    process.stderr.write("\nThe page is there until Ctrl-C.\n");
    await new Promise((resolve) => process.once("SIGINT", resolve));
    process.exitCode = exitCode; // the agent's, which has ended: whatever else listens takes Ctrl-C for its own
  }
  page.close();
  process.stderr.write(`\nOpen it again: pnpm phase inspect ${file}\n`);
}
