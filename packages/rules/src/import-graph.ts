import { posix } from "node:path";
import { type RepoFile, repoFiles } from "./repo-files.ts";
import { type Import, importsOf } from "./source.ts";

/** A module that a file names, and the file of this repo that it is; no path for a package or a module of Node. */
export interface Edge extends Import {
  readonly path?: string;
}

/** What each file imports. Without types, what is loaded in the end. */
export type ImportGraph = ReadonlyMap<string, readonly Edge[]>;

/** The files behind the names of our packages: `@eightfold/core`, and with a star `@eightfold/core/test/*`. */
export function packageEntries(files: readonly RepoFile[] = repoFiles): Record<string, string> {
  const manifests = files.filter(({ path }) => /^packages\/[^/]+\/package\.json$/.test(path));
  return Object.fromEntries(
    manifests.flatMap(({ path, text }) => {
      const { name, exports = {} } = JSON.parse(text);
      return Object.entries<string>(exports).map(([entry, file]) => [
        name + entry.slice(1),
        posix.join(posix.dirname(path), file),
      ]);
    }),
  );
}

export function importGraph(
  files: readonly RepoFile[],
  entries: Readonly<Record<string, string>> = packageEntries(),
): ImportGraph {
  const paths = new Set(files.map(({ path }) => path));
  const pathOf = (specifier: string, from: string) => {
    if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
    const [, folder, name] = /^(.*\/)([^/]+)$/.exec(specifier) ?? [];
    return entries[specifier] ?? entries[`${folder}*`]?.replace("*", name ?? "");
  };
  return new Map(
    files.map((file) => [
      file.path,
      importsOf(file).map((each) => {
        const path = pathOf(each.specifier, file.path);
        return path && paths.has(path) ? { ...each, path } : each;
      }),
    ]),
  );
}

/**
 * What is loaded before `main` does anything: for each package or built-in module that its static imports reach, the
 * file that imports it.
 */
export function loadedAtStart(main: string, graph: ImportGraph): Map<string, string> {
  const outside = new Map<string, string>();
  const reached = new Set([main]);
  for (const from of reached) {
    for (const { specifier, kind, path } of graph.get(from) ?? []) {
      if (kind !== "static") continue;
      if (path) reached.add(path);
      else if (!specifier.startsWith(".")) outside.set(specifier, from); // else data, such as JSON
    }
  }
  return outside;
}

/** Each circle of files that load each other, once, in the order in which they do. */
export function circles(graph: ImportGraph): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string) => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const edge of graph.get(path) ?? []) if (edge.kind === "static" && edge.path) walk(edge.path);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) walk(path);
  return found;
}

const SHORT = 40;
const isTest = (path: string) => /\.test\.ts$|\/test\//.test(path);

/**
 * The short source files that a single file uses, with that file: each belongs into it. What an index passes on is used
 * by those outside that name it.
 */
export function fragments(files: readonly RepoFile[], graph: ImportGraph): { path: string; user: string }[] {
  const sources = files.filter(({ path }) => !isTest(path));
  const importersOf = (target: string) =>
    sources.filter(({ path }) => graph.get(path)?.some((edge) => edge.path === target));
  return sources
    .filter(({ path, text }) => posix.basename(path) !== "index.ts" && text.split("\n").length - 1 < SHORT)
    .flatMap(({ path, text }) => {
      const named = new RegExp(`\\b(${exportedNames(text).join("|")})\\b`);
      const users = importersOf(path).flatMap((importer) =>
        posix.basename(importer.path) === "index.ts"
          ? importersOf(importer.path).filter((outside) => named.test(outside.text))
          : [importer],
      );
      const [user, ...others] = new Set(users);
      return user && others.length === 0 ? [{ path, user: user.path }] : [];
    });
}

function exportedNames(text: string): string[] {
  const declaration = /^export (?:async |declare )?(?:function\*?|const|let|class|interface|type) (\w+)/gm;
  return [...text.matchAll(declaration)].flatMap(([, name]) => name ?? []);
}
