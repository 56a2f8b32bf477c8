import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paintFor, styledLines } from "./markdown/styled-text.ts";
import type { Paging } from "./pager.ts";
import { safeLine } from "./safe-text.ts";

const EMPTY_PAGE = "\x1b[H\x1b[J";

/**
 * Lets the user go on with a text in the editor that VISUAL or EDITOR names, or else in vi. The agent keeps working meanwhile,
 * and its output appears when the editor closes. If the editor fails, the user is told why.
 */
export async function editOutside(text: string, paging: Paging, tell: (message: string) => void) {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), "eightfold-"));
    const file = join(folder, "request.md");
    await writeFile(file, text === "" ? "" : `${text}\n`, { mode: 0o600, flag: "wx" });
    const trouble = await editFile(file, paging);
    if (trouble === undefined) return (await readFile(file, "utf8")).replace(/\n$/, "");
    tell(`${trouble} What was typed is as it was.`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    tell(`The file for the editor cannot be used (${code ?? message}). What was typed is as it was.`);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
  return undefined;
}

const HOW_TO_SET = "VISUAL or EDITOR names it, as in `export EDITOR=nano`.";

/** What went wrong, if anything. */
async function editFile(file: string, paging: Paging): Promise<string | undefined> {
  const named = process.env.VISUAL || process.env.EDITOR || "";
  const [program = "vi", ...words] = wordsIn(named);
  try {
    const end = await runOnScreen(program, [...words, file], paging);
    return end && `The editor ended with ${end}.`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (named.trim() === "") return `No editor is set. ${HOW_TO_SET}`;
    return `The editor \`${safeLine(program)}\` cannot be started (${code ?? message}). ${HOW_TO_SET}`;
  }
}

/** "code --wait", and a path with blanks in quotes, as a shell takes them. */
function wordsIn(command: string): string[] {
  return Array.from(
    command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g),
    ([word, double, single]) => double ?? single ?? word,
  );
}

/**
 * The program has the keyboard and the screen until it ends. Not every editor takes the second page by itself: what one writes
 * is gone with it. @returns how it ended, if not well @throws what kept it from starting
 */
async function runOnScreen(program: string, words: readonly string[], paging: Paging) {
  const { keyboard, screen, stops } = paging;
  const output = screen.prompts;
  const { spawn, spawnSync } = await import("node:child_process");
  const takeBack = [screen.cover(), keyboard.lend(), stops.lend()];
  // An editor that is killed leaves the terminal in its own mode, which Node would take for the user's.
  const { stdout: mode } = spawnSync("stty", ["-g"], {
    stdio: ["inherit", "pipe", "ignore"],
    encoding: "utf8",
  });
  const note = styledLines([`Until ${safeLine(program)} has ended, its file is the request.`], "dim");
  output.write((process.env.TERM === "dumb" ? "" : EMPTY_PAGE) + paintFor(output)(note));
  try {
    const editor = spawn(program, words, { stdio: "inherit", signal: stops.left });
    return await new Promise<string | undefined>((resolve, reject) => {
      editor.on("error", reject);
      editor.on("exit", (code, signal) => resolve(signal ?? (code ? `exit code ${code}` : undefined)));
    });
  } finally {
    if (mode) spawnSync("stty", [mode.trim()], { stdio: ["inherit", "ignore", "ignore"] });
    for (const take of takeBack.reverse()) take();
  }
}
