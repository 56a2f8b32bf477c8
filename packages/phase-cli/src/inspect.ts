/** `pnpm phase inspect FILE` and `pnpm phase 5 start --inspect`: a trace as a page. */
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ServedTrace } from "@eightfold/inspector";
import { CommandError, type Phase } from "./phases.ts";
import { start } from "./start.ts";

const usage = `pnpm phase inspect FILE                  serves the page that shows a trace, until Ctrl-C
pnpm phase inspect FILE --html OUT.html  writes the page and the trace into one file`;

/** Carries out `pnpm phase inspect`. */
export async function inspect(words: readonly string[]): Promise<void> {
  const { values, positionals } = readWords(words);
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new CommandError(`Which trace?\n${usage}`);
  await refuseOthers(file);
  const { pageCode, serveTrace, standaloneHtml } = await import("@eightfold/inspector");
  if (values.html === undefined) {
    const { url } = await serveTrace(file);
    process.stdout.write(`${url}\n`);
    process.stderr.write("Open this address in a browser of this machine. Ctrl-C ends it.\n");
    return;
  }
  const page = await standaloneHtml(await pageCode(), await readFile(file, "utf8"));
  await writeFile(values.html, page).catch((error: Error) => {
    throw new CommandError(`${values.html} cannot be written: ${reasonOf(error)}.`);
  });
  process.stderr.write(
    `${values.html}: ${Math.round(Buffer.byteLength(page) / 1000)} kB, which any browser opens\n`,
  );
}

function readWords(words: readonly string[]) {
  try {
    const options = { html: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** Before anything is served: what is not there, and what is no trace. */
async function refuseOthers(file: string): Promise<void> {
  const beginning = Buffer.alloc(64);
  try {
    const handle = await open(file);
    await handle.read(beginning, 0, beginning.length, 0).finally(() => handle.close());
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${reasonOf(error)}.`);
  }
  if (!/^\s*\{"type":\s*"trace"/.test(beginning.toString()))
    throw new CommandError(`${file} is no trace. \`pnpm phase 5 start --trace FILE\` writes one.`);
}

function reasonOf(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return message.replace(/^E[A-Z]+: |, \w+( '.*')?$/g, "");
}

/** Starts the phase as ever, and shows what it does. The page can be looked at when the agent has ended, too. */
export async function startInspected(phase: Phase, words: readonly string[]): Promise<void> {
  const at = words.indexOf("--trace");
  const given = at === -1 ? words.find((word) => word.startsWith("--trace="))?.slice(8) : words[at + 1];
  const file = given ?? (await newTrace(phase));
  const { serveTrace } = await import("@eightfold/inspector");
  const page = await serveTrace(file);
  process.stderr.write(`inspect ${page.url}\n`);
  const flags = words.filter((word) => word !== "--inspect");
  await start(phase, given === undefined ? [`--trace=${file}`, ...flags] : flags);
  await stay(page, file);
}

/** In the user's state folder, beside the sessions. */
async function newTrace({ number }: Phase): Promise<string> {
  const [{ mkdir }, { stateHome }] = await Promise.all([
    import("node:fs/promises"),
    import("@eightfold/workspace"),
  ]);
  const folder = join(stateHome(), "traces");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  return join(folder, `${time}-phase-${number}.jsonl`);
}

/** On a terminal, until Ctrl-C: a request is answered sooner than a browser is opened. */
async function stay(page: ServedTrace, file: string): Promise<void> {
  const exitCode = Number(process.exitCode ?? 0);
  page.end(exitCode);
  if (process.stderr.isTTY) {
    process.stderr.write("\nThe page is there until Ctrl-C.\n");
    await new Promise((resolve) => process.once("SIGINT", resolve));
  }
  page.close();
  process.stderr.write(`\nopen it again: pnpm phase inspect ${file}\n`);
}
