import { posix } from "node:path";
import type { RepoFile } from "./repo-files.ts";

/** Each place where the README of a package or a phase is not what the files beside it are, in a sentence. */
export function untrueReadme(folder: string, files: readonly RepoFile[], limit: number): string[] {
  const path = `${folder}/README.md`;
  const readme = files.find((file) => file.path === path);
  if (!readme) return [`${path} is missing.`];
  const known = new Map(files.map((file) => [file.path, file.text]));
  const folders = new Set([...known.keys()].flatMap(foldersOf));
  const links = linksOf(readme.text).map(({ target, title }) => ({
    target: posix.join(folder, target),
    title,
  }));

  const lines = readme.text.trimEnd().split("\n").length;
  const dead = links.filter(({ target }) => !known.has(target) && !folders.has(target));
  const listed = new Set(links.map(({ target }) => target));
  const isListed = (file: string) =>
    listed.has(file) || foldersOf(file).some((each) => each !== `${folder}/src` && listed.has(each));
  const unlisted = [...known.keys()].filter(
    (file) => file.startsWith(`${folder}/src/`) && !/\.test\.ts$|\/index\.ts$/.test(file) && !isListed(file),
  );
  const absent = links.filter(
    ({ target, title }) => title && known.get(target)?.replaceAll("\\", "").includes(title) === false,
  );
  return [
    ...(lines > limit ? [`${path} has ${lines} lines, and ${limit} at most.`] : []),
    ...dead.map(({ target }) => `${path} names ${target}, which does not exist.`),
    ...unlisted.map((file) => `${path} does not name ${file}.`),
    ...absent.map(({ target, title }) => `${path}: ${target} has no test "${title}".`),
  ];
}

/** The folders that a path lies in, from the inside: `a/b/c.ts` lies in `a/b` and `a`. */
function foldersOf(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

/** Links to files, and the title of the test in `[guard](src/guard.test.ts): "a link out is refused"`. */
function linksOf(text: string): { target: string; title?: string | undefined }[] {
  const link = /\]\((?!https?:|#)([^)#\s]+?)\/?(?:#[^)]*)?\)(?:: "(.*?)"(?=[\s|;,.]|$))?/gm;
  return [...text.matchAll(link)].map(([, target = "", title]) => ({ target, title }));
}
