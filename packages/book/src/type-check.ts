import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { copiesIn } from "./phase-copy.ts";
import { temporaryFolder } from "./temporary.ts";

/**
 * The type errors of the copies in these folders. All are checked in one go, which takes little longer than one alone:
 * a module sees only what it imports.
 */
export async function typeErrors(root: string, copies: readonly string[]): Promise<Map<string, string[]>> {
  const folders = [...new Set(copies)];
  if (folders.length === 0) return new Map();
  await using temporary = await temporaryFolder();
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(root, "node_modules/@types")], moduleDetection: "force" },
    include: folders.map((folder) => join(folder, "src")),
    exclude: [],
  };
  await writeFile(join(temporary.path, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const words = [tsc, "-p", temporary.path, "--pretty", "false"];
  const cwd = copiesIn(root);
  const run = promisify(execFile)(process.execPath, words, { cwd, maxBuffer: Number.POSITIVE_INFINITY });
  const { stdout } = await run.catch((error: { stdout: string; stderr: string }) => {
    if (error.stdout.trim() === "") throw new Error(`tsc does not check the answers: ${error.stderr}`);
    return error;
  });
  return byFolder(stdout, folders, cwd);
}

/** Sorts what tsc says by the folder that it is about; what it says of core is about none of them. */
function byFolder(output: string, folders: readonly string[], cwd: string): Map<string, string[]> {
  const errors = new Map<string, string[]>(folders.map((folder) => [folder, []]));
  let open: string[] | undefined;
  for (const line of output.split("\n").filter((each) => each.trim() !== "")) {
    const isMore = line.startsWith(" ");
    const folder = folders.find((each) => line.startsWith(`${slashed(relative(cwd, each))}/`));
    if (!isMore && !folder && !/^\.\..*ts\(/.test(line))
      throw new Error(`tsc does not check the answers: ${line}`);
    if (!isMore) open = folder ? errors.get(folder) : undefined;
    open?.push(folder ? line.slice(relative(cwd, folder).length + 1) : line);
  }
  return errors;
}

const slashed = (path: string) => path.replaceAll("\\", "/");
