import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files that the book speaks of, by their paths from the root of the repository, with `/`. */
export interface Repo {
  /** The text of a file, with "\n"; undefined when there is none. */
  read(path: string): string | undefined;
  /** The paths of all files below a folder, sorted; none when there is no such folder. */
  list(folder: string): readonly string[];
}

export function openRepo(root: string): Repo {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  const load = (path: string) => {
    const file = join(root, path);
    if (!existsSync(file) || !statSync(file).isFile()) return undefined;
    return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  };
  const look = (folder: string) =>
    globSync("**", { cwd: join(root, folder), withFileTypes: true, exclude: ["**/node_modules", "**/.*"] })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll("\\", "/"),
      )
      .sort();
  return { read: (path) => remember(texts, path, load), list: (folder) => remember(lists, folder, look) };
}

function remember<Value>(known: Map<string, Value>, key: string, make: (key: string) => Value): Value {
  const value = known.has(key) ? known.get(key) : make(key);
  known.set(key, value as Value);
  return value as Value;
}

export interface Phase {
  readonly number: number;
  /** Its folder from the root, such as `phases/5-shell`. */
  readonly folder: string;
}

/** The phases on disk, in order. */
export function phasesOf(repo: Repo): Phase[] {
  const folders = new Set(repo.list("phases").map((path) => path.split("/").slice(0, 2).join("/")));
  return [...folders]
    .map((folder) => ({ number: Number.parseInt(folder.slice("phases/".length), 10), folder }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number);
}

/** The lines of a text that ends with a newline. */
export function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
