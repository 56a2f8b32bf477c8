import { posix } from "node:path";
import type { RepoFile } from "./repo-files.ts";

/** Each place where the README of a package or a phase is not what the files beside it are, in a sentence. */
export function untrueReadme(folder: string, files: readonly RepoFile[], limit: number): string[] {
  const path = `${folder}/README.md`;
  const readme = files.find((file) => file.path === path);
  if (!readme) return [`${path} is missing.`];
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const existing = new Set([...texts.keys()].flatMap((file) => [file, ...foldersOf(file)]));
  const mentions = mentionsOf(readme.text).map(({ name, title }) => {
    const places = [folder, `${folder}/src`, `${folder}/test`, "."].map((place) => posix.join(place, name));
    return { name, title, target: places.find((place) => existing.has(place)) };
  });

  const lines = readme.text.trimEnd().split("\n").length;
  const listed = new Set(mentions.map(({ target }) => target));
  const isListed = (file: string) =>
    listed.has(file) || foldersOf(file).some((each) => each !== `${folder}/src` && listed.has(each));
  const unlisted = [...texts.keys()].filter(
    (file) => file.startsWith(`${folder}/src/`) && !/\.test\.ts$|\/index\.ts$/.test(file) && !isListed(file),
  );
  return [
    ...(lines > limit ? [`${path} has ${lines} lines, and ${limit} at most.`] : []),
    ...mentions
      .filter(({ target }) => !target)
      .map(({ name }) => `${path} names ${name}, which does not exist.`),
    ...unlisted.map((file) => `${path} does not name ${file}.`),
    ...mentions
      .filter(({ target, title }) => title && target && !hasTest(texts.get(target), title))
      .map(({ target, title }) => `${path}: ${target} has no test "${title}".`),
  ];
}

/** The folders that a path lies in, from the inside: `a/b/c.ts` lies in `a/b` and `a`. */
function foldersOf(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

interface Mention {
  readonly name: string;
  /** What the README says behind the name of a test file: the title of a test, with … where it varies. */
  readonly title?: string | undefined;
}

/** The files and folders that a README names: as a link, or as a word of code. */
function mentionsOf(text: string): Mention[] {
  const link = /\]\((?!https?:|#)([^)#\s]+?)\/?(?:#[^)]*)?\)/;
  const word = /`([\w./-]+(?:\.ts|\.js|\.json|\/))`/;
  const title = /(?:(?<=\.test\.ts[`)]):? "?([^|;"`,][^|;"]*?)"? *(?=[|;"]|$))?/;
  const mention = new RegExp(`(?:${link.source}|${word.source})${title.source}`, "gm");
  return [...text.matchAll(mention)].map(([, linked, named, title]) => ({
    name: (linked ?? named ?? "").replace(/\/$/, ""),
    title,
  }));
}

function hasTest(text = "", title = ""): boolean {
  const plain = text.replaceAll("\\", "");
  return title.split("…").every((part) => plain.includes(part.trim()));
}
