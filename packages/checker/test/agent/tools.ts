import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { commits } from "./sin.ts";

type Input = Readonly<Record<string, unknown>>;
type Run = (input: Input, signal: AbortSignal) => string | Promise<string>;

/** Tools that do what a check asks of them, and little more. Whatever they throw is a result. */
export function createTools(root: string): Record<string, { fields: string[]; run: Run }> {
  const seen = new Map<string, string>();
  return {
    read_file: {
      fields: ["path"],
      run({ path }) {
        const text = readText(root, String(path));
        seen.set(String(path), text);
        const lines = text.split("\n").map((line, index) => `${String(index + 1).padStart(6)}\t${line}`);
        const all = lines.join("\n");
        if (commits("reads-without-end") || all.length <= 50_000) return all;
        return `${all.slice(0, 50_000)}\n[cut: more characters are left out]`;
      },
    },
    edit_file: {
      fields: ["path", "old_text", "new_text"],
      run({ path, old_text, new_text }) {
        const text = readText(root, String(path));
        if (seen.get(String(path)) !== text)
          throw new Error("The file was not read, or has changed. Read it.");
        const changed = edit(text, String(old_text), String(new_text));
        writeFileSync(join(root, String(path)), changed);
        return "Edited.";
      },
    },
    write_file: {
      fields: ["path", "content"],
      run({ path, content }) {
        const file = inside(root, String(path));
        const known = !existsSync(file) || seen.get(String(path)) === readFileSync(file, "utf8");
        if (!known && !commits("overwrites-what-it-has-not-read")) throw new Error("Read the file first.");
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, String(content));
        return "Created.";
      },
    },
    run_bash: {
      fields: ["command"],
      run: ({ command, timeout }, signal) => runBash(root, String(command), Number(timeout ?? 120), signal),
    },
  };
}

function readText(root: string, path: string): string {
  const file = inside(root, path);
  if (!existsSync(file)) throw new Error(`${path} does not exist. Did you mean src/recipe.js?`);
  const stats = statSync(file);
  if (!commits("opens-pipes-and-folders")) {
    if (stats.isDirectory()) throw new Error("It is a folder.");
    if (stats.isFIFO()) throw new Error("It is a named pipe.");
  }
  const bytes = readFileSync(file);
  if (bytes.includes(0)) throw new Error("It is a binary file.");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function inside(root: string, path: string): string {
  const file = resolve(root, path);
  if (commits("follows-links")) return file;
  let existing = file;
  while (!lstatSync(existing, { throwIfNoEntry: false })) existing = dirname(existing);
  if (!`${realpathSync(existing)}${sep}`.startsWith(root + sep))
    throw new Error("That is outside the workspace.");
  return file;
}

function edit(text: string, old: string, replacement: string): string {
  const [oldText, newText] = text.includes("\r\n")
    ? [toCrlf(text, old), toCrlf(text, replacement)]
    : [old, replacement];
  const places = text.split(oldText).length - 1;
  if (old === "" || old === replacement) throw new Error("The file exists already, or nothing would change.");
  if (places === 0) throw new Error("That text is not in the file.");
  if (places > 1 && !commits("edits-the-first-of-several"))
    throw new Error(`That text is there ${places} times.`);
  if (commits("rewrites-line-ends")) return text.replaceAll("\r\n", "\n").replace(old, () => replacement);
  return commits("replaces-with-patterns")
    ? text.replace(oldText, newText)
    : text.replace(oldText, () => newText);
}

function toCrlf(text: string, piece: string): string {
  return text.includes(piece) ? piece : piece.replaceAll("\n", "\r\n");
}

async function runBash(cwd: string, command: string, seconds: number, signal: AbortSignal): Promise<string> {
  const {
    OPENAI_API_KEY,
    OPENAI_BASE_URL,
    OPENAI_API,
    EIGHTFOLD_MODEL,
    GEMINI_API_KEY,
    ANTHROPIC_API_KEY,
    ...clean
  } = process.env;
  const env = commits("shows-its-keys") ? process.env : clean;
  const child = spawn("bash", ["-c", command], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endGroup = () => {
    if (child.pid === undefined || commits("leaves-children")) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  const out = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].on("data", (bytes) => (out[name] += bytes));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup();
  }, seconds * 1000);
  signal.addEventListener("abort", endGroup);
  process.once("exit", endGroup);
  const ending = await new Promise<string>((done) => {
    child.once("exit", (code, killer) => done(killer === null ? `exit ${code}` : `killed by ${killer}`));
  });
  clearTimeout(timer);
  endGroup();
  if (signal.aborted) return "Stopped by the user.";
  const first = late ? `timed out after ${seconds} s` : ending;
  const said = Object.entries(out).flatMap(([name, text]) =>
    text === "" ? [] : [`${name}:\n${stripVTControlCharacters(text)}`],
  );
  return [commits("hides-exit-codes") ? "done" : first, ...(said.length > 0 ? said : ["(no output)"])].join(
    "\n",
  );
}
